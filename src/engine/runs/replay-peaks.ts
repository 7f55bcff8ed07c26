import type { EpochMs, TaskId } from '../model/ids.ts';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import type { TaskPeaks } from '../results/resource-peaks.ts';

/** Gives the most that each task of a stored run had used up to a moment of its replay; it may go back. */
export function replayPeaks(
  stored: () => readonly ResourceSample[],
): (now: EpochMs) => ReadonlyMap<TaskId, Pick<TaskPeaks, 'cpu' | 'memoryBytes'>> {
  let peaks = new Map<TaskId, Pick<TaskPeaks, 'cpu' | 'memoryBytes'>>();
  let end = 0;
  return (now) => {
    const all = stored();
    if (end > 0 && all[end - 1]!.at > now) {
      peaks = new Map();
      end = 0;
    }
    for (; end < all.length && all[end]!.at <= now; end += 1) {
      for (const [task, { cpu, memoryBytes }] of all[end]!.tasks) {
        const before = peaks.get(task);
        peaks.set(task, {
          cpu: Math.max(before?.cpu ?? 0, cpu),
          memoryBytes: Math.max(before?.memoryBytes ?? 0, memoryBytes),
        });
      }
    }
    return peaks;
  };
}
