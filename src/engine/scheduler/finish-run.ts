import { withAttempts } from '../model/run/check-result.ts';
import { isUnderWay } from './admission/gates.ts';
import { runEndChecks } from './run-checks.ts';
import { isAbandoned } from './run-phase.ts';
import { runStatus } from './run-status.ts';
import { record, type Transition } from './transition.ts';

/** Finishes the run once every task has an outcome and no check is running. */
export function finishRun(transition: Transition): void {
  const { phase, open } = transition.state;
  if (open > 0 || (phase.kind !== 'running' && phase.kind !== 'draining')) return;
  if (isAbandoned(phase)) {
    giveUpRetries(transition);
    // Running checks are not awaited; a result that still arrives is recorded.
    record(transition, { type: 'run.finished', status: runStatus(transition.state) });
    return;
  }
  runEndChecks(transition);
  if (transition.state.checks.some(isUnderWay)) return;
  record(transition, { type: 'run.finished', status: runStatus(transition.state) });
}

/** A check that waits for its next attempt keeps the error of its last one. */
function giveUpRetries(transition: Transition): void {
  for (const check of transition.state.checks) {
    if (check.kind !== 'backing-off') continue;
    record(transition, { type: 'check.finished', result: withAttempts(check.result, check.attempt - 1) });
  }
}
