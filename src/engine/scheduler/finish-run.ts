import type { RunStatus } from '../model/run-event.ts';
import type { RunPhase, RunState } from '../model/run-state.ts';
import { blocksDownstream } from './admission/gates.ts';
import { isAbandoned } from './admission/is-abandoned.ts';
import { runEndChecks } from './run-checks.ts';
import { record, type Transition } from './transition.ts';

/** Ends the run when every task has its outcome and every check that is asked has its answer. */
export function finishRun(transition: Transition): void {
  const { phase, open } = transition.state;
  if (open > 0 || (phase.kind !== 'running' && phase.kind !== 'draining')) return;
  if (isAbandoned(phase)) {
    // Nobody waits for an answer now; it is still written down when it comes.
    record(transition, { type: 'run.finished', status: statusOfAbandoned(phase) });
    return;
  }
  runEndChecks(transition);
  if (transition.state.checks.some(({ kind }) => kind === 'running')) return;
  record(transition, { type: 'run.finished', status: judge(transition.state) });
}

/** Without its journal a run is incomplete, however its tasks went. */
function statusOfAbandoned(phase: RunPhase): RunStatus {
  return phase.kind === 'draining' && phase.reason.kind === 'cancelled' ? 'cancelled' : 'failed';
}

function judge({ tasks, checks }: RunState): RunStatus {
  const taskFailed = tasks.chunks.some((chunk) => chunk.some(({ state }) => blocksDownstream(state)));
  const checkFailed = checks.some(
    (check) => check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error'),
  );
  return taskFailed || checkFailed ? 'failed' : 'success';
}
