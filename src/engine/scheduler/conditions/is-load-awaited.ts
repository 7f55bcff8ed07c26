import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/**
 * Whether something that waits downstream of a task has yet to see what the task has loaded in this run: it has not succeeded
 * in it, or its data was not up to date when it was reset. That the task finds nothing to do now does not make it superfluous.
 */
export function isLoadAwaited({ plan, tasks }: RunState, index: number): boolean {
  if (entryAt(tasks, index).lastGood === undefined) return false;
  const reached = new Set(plan.tasks[index]!.downstream);
  // Iterating a set also visits the members added meanwhile.
  for (const one of reached) {
    const { state, lastGood, isOwed } = entryAt(tasks, one);
    if (state.kind !== 'waiting') continue;
    if (lastGood === undefined || isOwed) return true;
    for (const other of plan.tasks[one]!.downstream) reached.add(other);
  }
  return false;
}
