import { criticalPath, entryAt, type RunState, type TaskId } from '../../engine/index.ts';

/** Finds the tasks on the critical path; computes it again only when one more task has ended. */
export function createCriticalPathFinder(): (state: RunState) => readonly number[] {
  let known: readonly number[] = [];
  let ended = -1;
  return (state) => {
    const now = state.plan.tasks.length - state.open;
    if (now === ended) return known;
    ended = now;
    known = now === 0 ? [] : criticalTasks(state);
    return known;
  };
}

/** The tasks on the critical path, by what those that have ended took; in their order. */
export function criticalTasks(state: RunState): readonly number[] {
  return criticalPath(state.plan, durationsOf(state)).tasks;
}

/** Durations of the tasks that have ended. */
function durationsOf({ plan, tasks }: RunState): ReadonlyMap<TaskId, number> {
  const durations = new Map<TaskId, number>();
  for (const { index, spec } of plan.tasks) {
    const { startedAt, endedAt } = entryAt(tasks, index);
    if (startedAt !== undefined && endedAt !== undefined) durations.set(spec.id, endedAt - startedAt);
  }
  return durations;
}
