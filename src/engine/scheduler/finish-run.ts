import type { RunStatus } from '../model/run-event.ts';
import type { RunPhase, RunState } from '../model/run-state.ts';
import { askEndChecks } from './ask-checks.ts';
import { type Draft, record } from './draft.ts';
import { barsDownstream } from './gates.ts';
import { isAbandoned } from './is-abandoned.ts';

/** Ends the run when every task has its outcome and every check that is asked has its answer. */
export function finishRun(draft: Draft): void {
  const { phase, open } = draft.state;
  if (open > 0 || (phase.kind !== 'running' && phase.kind !== 'draining')) return;
  if (isAbandoned(phase)) {
    // Nobody waits for an answer now; it is still written down when it comes.
    record(draft, { type: 'run.finished', status: statusOfAbandoned(phase) });
    return;
  }
  askEndChecks(draft);
  if (draft.state.checks.some(({ kind }) => kind === 'running')) return;
  record(draft, { type: 'run.finished', status: judge(draft.state) });
}

/** Without its journal a run is incomplete, however its tasks went. */
function statusOfAbandoned(phase: RunPhase): RunStatus {
  return phase.kind === 'draining' && phase.reason.kind === 'cancelled' ? 'cancelled' : 'failed';
}

function judge({ tasks, checks }: RunState): RunStatus {
  const taskFailed = tasks.chunks.some((chunk) => chunk.some(({ state }) => barsDownstream(state)));
  const checkFailed = checks.some(
    (check) => check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error'),
  );
  return taskFailed || checkFailed ? 'failed' : 'success';
}
