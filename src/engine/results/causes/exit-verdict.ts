import type { DrainReason } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { SlaJudgement } from '../slas/sla-judgement.ts';
import { type RootCause, rootCausesOfRun } from './root-causes.ts';

/** The overall result of a run, which decides its exit code. */
export type ExitVerdict =
  | 'success'
  /** A task failed or was cancelled, a check could not run, or the run was left unfinished. */
  | 'task-failed'
  /** All tasks ran and the data is wrong: every root cause is a failed check. */
  | 'check-failed'
  /** Everything succeeded, and an SLA was missed that may not be: `on_miss: fail`. */
  | 'sla-missed'
  | 'cancelled';

/** @param slas how the run stands to its SLAs; without any, they are not judged */
export function exitVerdict(state: RunState, slas: readonly SlaJudgement[] = []): ExitVerdict {
  const { phase } = state;
  if (phase.kind === 'finished' && phase.status === 'cancelled') return 'cancelled';
  if (phase.kind === 'draining' && phase.reason.kind === 'cancelled') return 'cancelled';
  if (phase.kind !== 'finished' || isFailure(phase.reason)) return 'task-failed';
  const causes = rootCausesOfRun(state);
  if (causes.length > 0) return causes.every(isWrongData) ? 'check-failed' : 'task-failed';
  // Without a root cause every task has run.
  if (phase.status !== 'success') return 'task-failed';
  const isMissed = slas.some(({ status }) => status === 'missed');
  return isMissed && state.plan.pipeline.slas.onMiss === 'fail' ? 'sla-missed' : 'success';
}

/** Whether the run failed as a whole, whatever became of its tasks. */
function isFailure(reason: DrainReason | undefined): boolean {
  return reason?.kind === 'journal-lost' || reason?.kind === 'run-limit';
}

function isWrongData(cause: RootCause): boolean {
  return cause.kind === 'check' && cause.verdict === 'fail';
}
