import type { RunStatus } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { hasFailed, type TaskState } from '../model/run/task-state.ts';

/**
 * How the run would end if nothing more happened. One that reached its limit, or whose record is incomplete because it lost
 * its journal, has failed, even when all its tasks succeeded.
 */
export function runStatus({ phase, tasks, checks }: RunState): RunStatus {
  const reason = phase.kind === 'draining' || phase.kind === 'finished' ? phase.reason : undefined;
  if (reason?.kind === 'cancelled') return 'cancelled';
  if (reason?.kind === 'journal-lost' || reason?.kind === 'run-limit') return 'failed';
  const taskFailed = tasks.chunks.some((chunk) => chunk.some(({ state }) => isBad(state)));
  const checkFailed = checks.some(
    (check) => check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error'),
  );
  return taskFailed || checkFailed ? 'failed' : 'success';
}

function isBad(state: TaskState): boolean {
  return hasFailed(state) || state.kind === 'upstream-failed' || state.kind === 'cancelled';
}
