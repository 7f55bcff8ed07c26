import type { TaskId } from '../model/ids.ts';

/** Past durations in milliseconds. */
export type Durations = ReadonlyMap<TaskId, number>;

/** How long each task (by index) is expected to take in ms: as in the past, else the median of the others, else 1; 0 when set aside. */
export function expectedDurations(
  tasks: readonly { readonly spec: { readonly id: TaskId }; readonly skip: boolean }[],
  durations: Durations,
): readonly number[] {
  const known = tasks
    .flatMap(({ spec }) => durations.get(spec.id) ?? [])
    .filter((ms) => Number.isFinite(ms) && ms >= 0)
    .sort((a, b) => a - b);
  const unknown = median(known) ?? 1;
  return tasks.map(({ spec, skip }) => {
    const ms = durations.get(spec.id);
    return skip ? 0 : ms !== undefined && Number.isFinite(ms) && ms >= 0 ? ms : unknown;
  });
}

function median(sorted: readonly number[]): number | undefined {
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
