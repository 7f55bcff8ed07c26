import type { RunStatus } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { askEndChecks } from './ask-checks.ts';
import { type Draft, record } from './draft.ts';
import { barsDownstream } from './gates.ts';

/** Ends the run when every task has its outcome and every check that is asked has its answer. */
export function finishRun(draft: Draft): void {
  const { phase, open } = draft.state;
  if (open > 0 || (phase.kind !== 'running' && phase.kind !== 'draining')) return;
  const cancelled = phase.kind === 'draining' && phase.reason.kind === 'cancelled';
  if (!cancelled) {
    askEndChecks(draft);
    // Someone who cancels does not wait for an answer; it is still written down when it comes.
    if (draft.state.checks.some(({ kind }) => kind === 'running')) return;
  }
  record(draft, { type: 'run.finished', status: cancelled ? 'cancelled' : judge(draft.state) });
}

function judge({ tasks, checks }: RunState): RunStatus {
  const taskFailed = tasks.chunks.some((chunk) => chunk.some(({ state }) => barsDownstream(state)));
  const checkFailed = checks.some(
    (check) => check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error'),
  );
  return taskFailed || checkFailed ? 'failed' : 'success';
}
