import type { RunState } from '../model/run-state.ts';
import { unblocksDownstream } from '../model/task-state.ts';
import { entryAt } from '../model/task-table.ts';

/** What a run comes to, for the exit code. */
export type ExitVerdict =
  | 'success'
  /** A task did not succeed, a check could not be asked, or something was left undone. */
  | 'task-failed'
  /** The machinery worked and the data is wrong. */
  | 'check-failed'
  | 'cancelled';

export function exitVerdict(state: RunState): ExitVerdict {
  const { phase } = state;
  if (phase.kind === 'finished' && phase.status === 'cancelled') return 'cancelled';
  if (phase.kind === 'draining' && phase.reason.kind === 'cancelled') return 'cancelled';
  for (let index = 0; index < state.tasks.length; index += 1) {
    if (!unblocksDownstream(entryAt(state.tasks, index).state)) return 'task-failed';
  }
  if (!state.options.runChecks) return 'success';
  if (state.checks.some((check) => check.kind !== 'done' || check.result.verdict === 'error')) return 'task-failed';
  return state.checks.some((check) => check.kind === 'done' && check.result.verdict === 'fail')
    ? 'check-failed'
    : 'success';
}
