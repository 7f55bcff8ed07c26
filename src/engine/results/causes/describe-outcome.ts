import type { OverloadKind } from '../../model/run/capacity.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { FailureCause, Outcome, Waited } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { unreachable } from '../../model/unreachable.ts';
import { lacksLastGood } from '../staleness.ts';
import { describeNotRun } from './describe-not-run.ts';
import { whyReused } from './describe-reuse.ts';
import { wasNotRun } from './root-causes.ts';

/** How the task at `index` ended, in a few words: `exit code 3`, `timed out after 5s`, `not run: "games" failed`. */
export function describeOutcome(outcome: Outcome, state: RunState, index: number): string {
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.cause !== undefined) return `uses ${outcome.degraded}: ${describeCause(outcome.cause)}`;
      return outcome.degraded === undefined ? 'succeeded' : `succeeded by its fallback: ${outcome.degraded}`;
    case 'failed':
      return describeFailure(outcome.cause, state, index);
    case 'timed-out':
      return describeFailure({ ...outcome, kind: 'timeout' }, state, index);
    case 'skipped':
      return outcome.waited === undefined ? 'skipped' : `skipped: ${describeWaited(outcome.waited)}`;
    case 'not-needed':
      return `not needed: ${describeNotNeeded(outcome, state, index)}`;
    case 'reused':
      return `reused: ${whyReused(outcome)}`;
    case 'upstream-failed':
      return `not run: ${describeNotRun(state, index)}`;
    case 'cancelled':
      if (!outcome.withRun) return `cancelled: ${outcome.reason}`;
      return `${wasNotRun(entryAt(state.tasks, index)) ? 'not run' : 'cancelled'}: ${describeNotRun(state, index)}`;
    default:
      return unreachable(outcome);
  }
}

/** Why a task failed, and that nothing could stand in for it where something should have. */
export function describeFailure(cause: FailureCause, state: RunState, index: number): string {
  const failure = describeCause(cause);
  return lacksLastGood(state, index) ? `${failure}, and there is no earlier good load` : failure;
}

type NotNeeded = Extract<Outcome, { readonly kind: 'not-needed' }>;

/** How it was found out that there was nothing to do for a task. */
export function describeNotNeeded({ because }: NotNeeded, state: RunState, index: number): string {
  if (because !== undefined) return `"${because}" found nothing to do`;
  const { report } = entryAt(state.tasks, index);
  if (report?.nothingNew === true) return 'it reported no new data';
  return describeIdleEnd(state, index) ?? 'decided by its only_if';
}

/** Why there is nothing for a task at the end; undefined when there may be, and for any other task. */
function describeIdleEnd({ plan, tasks }: RunState, index: number): string | undefined {
  const { spec, end } = plan.tasks[index]!;
  if (end?.when === 'on-failure' && spec.onlyIf === undefined) return 'nothing has failed';
  if (end?.setup === undefined || entryAt(tasks, end.setup).attempts > 0) return undefined;
  return `"${plan.tasks[end.setup]!.spec.id}" did not run`;
}

/** `waited 12h for file in/orders.csv without success`. */
export function describeWaited({ afterMs, what }: Waited): string {
  return `waited ${formatLimit(afterMs)} for ${what} without success`;
}

/** What a shell says by these exit codes; what it printed is not kept, since looks are no attempts. */
function notFound(cause: FailureCause): string {
  if (cause.kind !== 'exit-code' || (cause.code !== 126 && cause.code !== 127)) return '';
  return cause.code === 127 ? ' (a command was not found)' : ' (a command could not be executed)';
}

/** Why an attempt failed, in a few words. */
export function describeCause(cause: FailureCause): string {
  switch (cause.kind) {
    case 'exit-code':
      return `exit code ${cause.code}`;
    case 'signal':
      return `killed by ${cause.signal}`;
    case 'timeout':
      return cause.idle
        ? `timed out after ${formatLimit(cause.afterMs)} without output`
        : `timed out after ${formatLimit(cause.afterMs)}`;
    case 'missing-output':
      return cause.isEmpty ? `its output ${cause.path} is empty` : `did not write ${cause.path}`;
    case 'overload':
      return `${describeOverload(cause.of)} (${typeof cause.exit === 'number' ? `exit code ${cause.exit}` : cause.exit})`;
    case 'only-if':
      return `only_if: ${describeCause(cause.failure)}`;
    case 'wait-for':
      return `wait_for: ${describeCause(cause.failure)}${notFound(cause.failure)}`;
    case 'awaited':
      return describeWaited(cause);
    case 'not-started':
    case 'lost':
    case 'bad-lines':
      return cause.message;
    default:
      return unreachable(cause);
  }
}

/** What the tasks of a run competed for, as a clause: `database deadlock`. */
export function describeOverload(kind: OverloadKind): string {
  return overloads[kind];
}

const overloads: { readonly [kind in OverloadKind]: string } = {
  connections: 'the database had no connection left',
  deadlock: 'database deadlock',
  'lock-timeout': 'a database lock timed out',
  memory: 'the kernel killed a process for lack of memory',
};
