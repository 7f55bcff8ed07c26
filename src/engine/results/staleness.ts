import type { EpochMs } from '../model/ids.ts';
import { ownValue } from '../model/own-value.ts';
import type { RunState } from '../model/run/run-state.ts';
import { olderOf, type Staleness } from '../model/run/staleness.ts';
import { entryAt } from '../model/run/task-table.ts';
import { isoTime } from './files/time-format.ts';

/** When the load ended that the data of the task at `index` comes from, if it is not up to date; else undefined. */
export function staleSinceOf(state: RunState, index: number): EpochMs | undefined {
  return entryAt(state.tasks, index).stale?.since;
}

/**
 * Why a check judges data that is not up to date: the oldest of the tasks in its `after`. Nobody knows what one at the end
 * of the run looks at.
 */
export function stalenessOfCheck(state: RunState, check: number): Staleness | undefined {
  return state.plan.checks[check]!.after.reduce<Staleness | undefined>(
    (oldest, task) => olderOf(oldest, entryAt(state.tasks, task).stale),
    undefined,
  );
}

/** Whether a task that failed would have gone on with an earlier load, had there been one. */
export function lacksLastGood(state: RunState, index: number): boolean {
  const { id, useLastGood } = state.plan.tasks[index]!.spec;
  const { state: task, lastGood } = entryAt(state.tasks, index);
  const hasFailed = task.kind === 'failed' || task.kind === 'timed-out';
  return useLastGood === true && hasFailed && (lastGood ?? ownValue(state.options.lastGood, id)) === undefined;
}

/** As it stands in the results of a task or a check. */
export type StaleResult = {
  /** When the load ended that the data comes from. */
  readonly since: string;
  /** The task that made it stale, which may be the task itself. */
  readonly task: string;
  /** `earlier_load`: that task went on with the data of an earlier load. `rerun`: it has run again since. */
  readonly why: 'earlier_load' | 'rerun';
};

export function staleResult(stale: Staleness | undefined): { readonly stale?: StaleResult } {
  if (stale === undefined) return {};
  const { since, task, why } = stale;
  return { stale: { since: isoTime(since), task, why: why === 'rerun' ? why : 'earlier_load' } };
}
