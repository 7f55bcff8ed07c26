import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { isUnderWay } from '../admission/gates.ts';
import { isAbandoned, mayRunEndChecks } from '../run-phase.ts';
import { runStatus } from '../run-status.ts';

/** Whether every task has an outcome that does not run at the end. */
export function haveOthersEnded({ open, openEnds }: RunState): boolean {
  return open === openEnds;
}

/**
 * Whether what the task at the end waits for is over: tasks, whatever their outcome is, and the checks that look at them. It
 * may take away what a check looks at, and it is told how the run has gone, which checks decide as well.
 */
export function isEndDue(state: RunState, index: number): boolean {
  const { when, after } = state.plan.tasks[index]!.end!;
  if (firstOpen(state, after) !== undefined) return false;
  if (when !== 'teardown') return haveOthersEnded(state) && areChecksOver(state);
  if (isAbandoned(state.phase)) return true;
  if (after.some((task) => state.checksAfter[task]!.some((check) => isUnderWay(state.checks[check]!)))) return false;
  // Nobody knows what a check at the end of the run looks at.
  return !state.plan.checks.some(({ atEnd }) => atEnd) || (haveOthersEnded(state) && areChecksOver(state));
}

/** One of these tasks that has no outcome yet: the last one, because the last tasks usually finish last. */
function firstOpen(state: RunState, tasks: readonly number[]): number | undefined {
  return tasks.findLast((task) => !isOutcome(entryAt(state.tasks, task).state));
}

/** Whether a task at the end that is due has something to do: a failure was wanted, or its setup has begun. */
export function isEndNeeded(state: RunState, index: number): boolean {
  const { when, setup } = state.plan.tasks[index]!.end!;
  switch (when) {
    case 'always':
      return true;
    case 'on-failure':
      return runStatus(state) !== 'success';
    case 'teardown':
      return setup === undefined || entryAt(state.tasks, setup).attempts > 0;
  }
}

/** In a run that was cancelled no check is waited for. */
function areChecksOver(state: RunState): boolean {
  if (isAbandoned(state.phase)) return true;
  if (state.checks.some(isUnderWay)) return false;
  return !state.plan.checks.some(({ atEnd, index }) => atEnd && isWaiting(state, index)) || !mayRunEndChecks(state);
}

function isWaiting({ checks }: RunState, check: number): boolean {
  return checks[check]!.kind === 'waiting';
}
