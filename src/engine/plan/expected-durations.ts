import type { TaskId } from '../model/ids.ts';
import { medianOf } from '../model/median.ts';

/** Durations of earlier runs, in milliseconds. */
export type Durations = ReadonlyMap<TaskId, number>;

/** By task index, the expected duration in ms: as in earlier runs, else the median of the other tasks, else 1; 0 for a skipped task. */
export function expectedDurations(
  tasks: readonly { readonly spec: { readonly id: TaskId }; readonly skip: boolean }[],
  durations: Durations,
): readonly number[] {
  const known = tasks
    .flatMap(({ spec }) => durations.get(spec.id) ?? [])
    .filter((ms) => Number.isFinite(ms) && ms >= 0);
  const unknown = medianOf(known) ?? 1;
  return tasks.map(({ spec, skip }) => {
    const ms = durations.get(spec.id);
    return skip ? 0 : ms !== undefined && Number.isFinite(ms) && ms >= 0 ? ms : unknown;
  });
}
