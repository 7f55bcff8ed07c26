import type { TaskId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { FailureCause, Outcome } from '../model/task-state.ts';
import { unreachable } from '../model/unreachable.ts';
import { durationWords } from './seconds.ts';

/** How a task ended, in a few words: `exit code 3`, `timed out after 5 s`, `upstream task games failed`. */
export function describeOutcome(outcome: Outcome, plan: Plan): string {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.degraded === undefined ? 'succeeded' : `succeeded by its fallback: ${outcome.degraded}`;
    case 'failed':
      return describeCause(outcome.cause);
    case 'timed-out':
      return describeCause({ kind: 'timeout', afterMs: outcome.afterMs });
    case 'skipped':
      return 'skipped';
    case 'upstream-failed':
      return plan.indexOf.has(outcome.because as TaskId)
        ? `upstream task ${outcome.because} failed`
        : `check ${outcome.because} did not pass`;
    case 'cancelled':
      return `cancelled: ${outcome.reason}`;
    default:
      return unreachable(outcome);
  }
}

/** Why an attempt failed, in a few words. */
export function describeCause(cause: FailureCause): string {
  switch (cause.kind) {
    case 'exit-code':
      return `exit code ${cause.code}`;
    case 'signal':
      return `killed by ${cause.signal}`;
    case 'timeout':
      return `timed out after ${durationWords(cause.afterMs)}`;
    case 'missing-output':
      return `did not write ${cause.path}`;
    case 'not-started':
    case 'lost':
      return cause.message;
    default:
      return unreachable(cause);
  }
}
