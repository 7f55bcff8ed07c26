import type { TaskId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isStoppedByOthers, stopsDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { unreachable } from '../../model/unreachable.ts';
import { type RootCause, rootCausesOf, rootCausesOfCheck } from './root-causes.ts';

/** Why a task was not run, as the text after "not run:": the first root cause and the number of others. */
export function describeNotRun(state: RunState, index: number): string {
  const causes = rootCausesOf(state, index);
  if (causes.length > 0) return describeCauses(causes);
  // The outcome is older than the state: the blocking task or gate has been reset since.
  const { state: task } = entryAt(state.tasks, index);
  if (task.kind !== 'upstream-failed') return 'it was reset before it could start';
  return state.plan.indexOf.has(task.because as TaskId)
    ? `"${task.because}" did not finish`
    : `check ${task.because} did not finish`;
}

/** The same in few words, for a narrow place: `"load" failed +2`. */
export function describeNotRunShort(state: RunState, index: number): string {
  const [first, ...others] = rootCausesOf(state, index);
  if (first === undefined) return describeNotRun(state, index);
  return `${describeRootCause(first)}${others.length === 0 ? '' : ` +${others.length}`}`;
}

/** Why a check did not run; undefined while it still may. */
export function describeCheckNotRun(state: RunState, check: number): string | undefined {
  if (!state.options.runChecks) return 'checks were turned off';
  const causes = rootCausesOfCheck(state, check);
  if (causes.length > 0) return describeCauses(causes);
  if (isIdle(state, check)) return 'no new data was loaded for it';
  return state.phase.kind === 'finished' ? 'the run ended before it was run' : undefined;
}

/** Whether it is not run because tasks that it looks at have found nothing to do. */
function isIdle({ plan, tasks, checks }: RunState, check: number): boolean {
  const { after, atEnd } = plan.checks[check]!;
  const before = (atEnd ? plan.tasks.map(({ index }) => index) : after).map((index) => entryAt(tasks, index).state);
  if (checks[check]!.kind !== 'waiting' || before.length === 0) return false;
  return before.every(stopsDownstream) || (!atEnd && before.some(isStoppedByOthers));
}

function describeCauses(causes: readonly RootCause[]): string {
  const others = causes.length - 1;
  const more = others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'cause' : 'causes'})`;
  return describeRootCause(causes[0]!) + more;
}

function describeRootCause(cause: RootCause): string {
  switch (cause.kind) {
    case 'task':
      return describeTask(cause);
    case 'check':
      return cause.verdict === 'fail' ? `check ${cause.check} failed` : `check ${cause.check} had an error`;
    case 'run-cancelled':
      return 'the run was cancelled';
    case 'run-limit':
      return `the run reached its limit of ${formatLimit(cause.afterMs)}`;
    case 'journal-lost':
      return 'the journal could not be written';
    default:
      return unreachable(cause);
  }
}

const formatHow = { failed: 'failed', 'timed-out': 'timed out', cancelled: 'was cancelled' } as const;

function describeTask({ task, how, stopped }: Extract<RootCause, { kind: 'task' }>): string {
  switch (stopped) {
    case undefined:
      return `"${task}" ${formatHow[how]}`;
    case 'critical':
      return `the critical task ${task} ${formatHow[how]}`;
    case 'sequential':
      return `"${task}" ${formatHow[how]}, and a sequential run stops at the first failure`;
    default:
      return unreachable(stopped);
  }
}
