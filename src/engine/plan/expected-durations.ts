import type { TaskId } from '../model/ids.ts';
import { medianOf } from '../model/median.ts';
import type { PlannedTask } from '../model/pipeline/plan.ts';
import { ofTaskOrFamily } from '../model/run/past-runs.ts';

/** Durations of earlier runs, in milliseconds. */
export type Durations = ReadonlyMap<TaskId, number>;

type Expected = { readonly spec: { readonly id: TaskId } } & Pick<PlannedTask, 'skip' | 'end'>;

/**
 * By task index, the expected duration in ms: as in earlier runs, else the median of the other tasks, else 1; 0 for a skipped
 * task, and for one that runs after a failure only.
 */
export function expectedDurations(tasks: readonly Expected[], durations: Durations): readonly number[] {
  const known = tasks
    .flatMap(({ spec }) => ofTaskOrFamily(durations, spec.id) ?? [])
    .filter((ms) => Number.isFinite(ms) && ms >= 0);
  const unknown = medianOf(known) ?? 1;
  return tasks.map(({ spec, skip, end }) => {
    const ms = ofTaskOrFamily(durations, spec.id);
    return skip || end?.when === 'on-failure' ? 0 : ms !== undefined && Number.isFinite(ms) && ms >= 0 ? ms : unknown;
  });
}
