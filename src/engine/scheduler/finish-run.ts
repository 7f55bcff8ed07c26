import { withAttempts } from '../model/run/check-result.ts';
import type { RunStatus } from '../model/run/run-event.ts';
import type { RunPhase, RunState } from '../model/run/run-state.ts';
import { stopsDownstream } from '../model/run/task-state.ts';
import { blocksDownstream, isUnderWay } from './admission/gates.ts';
import { isAbandoned, runEndChecks } from './run-checks.ts';
import { record, type Transition } from './transition.ts';

/** Finishes the run once every task has an outcome and no check is running. */
export function finishRun(transition: Transition): void {
  const { phase, open } = transition.state;
  if (open > 0 || (phase.kind !== 'running' && phase.kind !== 'draining')) return;
  if (isAbandoned(phase)) {
    giveUpRetries(transition);
    // Running checks are not awaited; a result that still arrives is recorded.
    record(transition, { type: 'run.finished', status: statusOfAbandoned(phase) });
    return;
  }
  runEndChecks(transition);
  if (transition.state.checks.some(isUnderWay)) return;
  record(transition, { type: 'run.finished', status: statusOf(transition.state) });
}

/** A check that waits for its next attempt keeps the error of its last one. */
function giveUpRetries(transition: Transition): void {
  for (const check of transition.state.checks) {
    if (check.kind !== 'backing-off') continue;
    record(transition, { type: 'check.finished', result: withAttempts(check.result, check.attempt - 1) });
  }
}

/** A run that reached its limit, or whose record is incomplete because it lost its journal, has failed, even when all its tasks succeeded. */
function statusOfAbandoned(phase: RunPhase): RunStatus {
  return phase.kind === 'draining' && phase.reason.kind === 'cancelled' ? 'cancelled' : 'failed';
}

function statusOf({ tasks, checks }: RunState): RunStatus {
  const taskFailed = tasks.chunks.some((chunk) =>
    chunk.some(({ state }) => blocksDownstream(state) && !stopsDownstream(state)),
  );
  const checkFailed = checks.some(
    (check) => check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error'),
  );
  return taskFailed || checkFailed ? 'failed' : 'success';
}
