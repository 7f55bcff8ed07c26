import type { RunState } from '../model/run/run-state.ts';
import { type RootCause, rootCausesOfRun } from './root-causes.ts';

/** The overall result of a run, which decides its exit code. */
export type ExitVerdict =
  | 'success'
  /** A task failed or was cancelled, a check could not run, or the run was left unfinished. */
  | 'task-failed'
  /** All tasks ran and the data is wrong: every root cause is a failed check. */
  | 'check-failed'
  | 'cancelled';

export function exitVerdict(state: RunState): ExitVerdict {
  const { phase } = state;
  if (phase.kind === 'finished' && phase.status === 'cancelled') return 'cancelled';
  if (phase.kind === 'draining' && phase.reason.kind === 'cancelled') return 'cancelled';
  if (phase.kind !== 'finished' || phase.reason?.kind === 'journal-lost') return 'task-failed';
  const causes = rootCausesOfRun(state);
  if (causes.length > 0) return causes.every(isWrongData) ? 'check-failed' : 'task-failed';
  // Without a root cause every task has run.
  return phase.status === 'success' ? 'success' : 'task-failed';
}

function isWrongData(cause: RootCause): boolean {
  return cause.kind === 'check' && cause.verdict === 'fail';
}
