import type { RunState } from '../model/run-state.ts';
import { type RootCause, rootCausesOfRun } from './root-causes.ts';

/** What a run comes to, for the exit code. */
export type ExitVerdict =
  | 'success'
  /** A task failed or was cancelled, a check could not be asked, or something was left undone. */
  | 'task-failed'
  /** The machinery worked and the data is wrong: all root causes are checks that failed. */
  | 'check-failed'
  | 'cancelled';

export function exitVerdict(state: RunState): ExitVerdict {
  const { phase } = state;
  if (phase.kind === 'finished' && phase.status === 'cancelled') return 'cancelled';
  if (phase.kind === 'draining' && phase.reason.kind === 'cancelled') return 'cancelled';
  if (phase.kind !== 'finished' || phase.reason?.kind === 'journal-lost') return 'task-failed';
  const causes = rootCausesOfRun(state);
  if (causes.length > 0) return causes.every(isWrongData) ? 'check-failed' : 'task-failed';
  // Without a cause nothing can have been left out.
  return phase.status === 'success' ? 'success' : 'task-failed';
}

function isWrongData(cause: RootCause): boolean {
  return cause.kind === 'check' && cause.verdict === 'fail';
}
