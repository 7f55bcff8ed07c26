import { isStoppedByOthers } from '../../model/run/task-state.ts';
import type { TaskEntry } from '../../model/run/task-table.ts';

/** What is still known of a task that waits again. */
export function keptByReset(entry: TaskEntry): Pick<TaskEntry, 'attempts' | 'lastGood' | 'tookDown' | 'isOwed'> {
  const { attempts, lastGood, tookDown, isOwed, stale, state } = entry;
  const isUpToDate = (state.kind === 'succeeded' || state.kind === 'reused') && stale === undefined;
  return {
    attempts,
    ...(lastGood === undefined ? {} : { lastGood }),
    ...(tookDown === undefined ? {} : { tookDown }),
    // One that others have stopped is as it was before.
    ...(isOwed || !(isUpToDate || isStoppedByOthers(state)) ? { isOwed: true } : {}),
  };
}
