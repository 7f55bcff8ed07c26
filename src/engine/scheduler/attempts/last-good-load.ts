import type { EpochMs } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/** When the data was up to date that a task loaded last, in this run or an earlier one; undefined when nothing is known of it. */
export function lastGoodLoad(state: RunState, index: number): EpochMs | undefined {
  const { id } = state.plan.tasks[index]!.spec;
  return entryAt(state.tasks, index).lastGood ?? ownValue(state.options.lastGood, id)?.at;
}
