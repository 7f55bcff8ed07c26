import { endsTheRun } from '../model/run/run-event.ts';
import type { RunPhase, RunState } from '../model/run/run-state.ts';
import { stopsDownstream } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';

/** Whether the run ends without waiting for its checks: it was cancelled, reached its limit, or its journal is lost. */
export function isAbandoned(phase: RunPhase): boolean {
  return phase.kind === 'draining' && (endsTheRun(phase.reason) || phase.reason.kind === 'journal-lost');
}

/** A run that is ended as a whole or has lost its journal starts no checks. */
export function mayRunChecks({ options, phase }: Pick<RunState, 'options' | 'phase'>): boolean {
  if (!options.runChecks) return false;
  return phase.kind === 'running' || (phase.kind === 'draining' && !isAbandoned(phase));
}

/** The same for the checks of the whole run, which look at nothing when no task has found anything to do. */
export function mayRunEndChecks(state: RunState): boolean {
  const { plan, tasks } = state;
  if (!mayRunChecks(state)) return false;
  if (plan.tasks.length === plan.ends.length) return true;
  return !plan.tasks.every(({ index, end }) => end !== undefined || stopsDownstream(entryAt(tasks, index).state));
}

/**
 * Whether the tasks at the end still start. Whatever made the run stop, it carries them out, unless somebody gave them up as
 * well or its journal is lost.
 */
export function mayRunEnds(phase: RunPhase): boolean {
  if (phase.kind !== 'draining') return phase.kind === 'running';
  const { reason } = phase;
  return reason.kind !== 'journal-lost' && !('withEnds' in reason && reason.withEnds === true);
}

/** Whether another attempt of the task may start, in this phase of the run. */
export function mayStartTask({ phase, plan }: Pick<RunState, 'phase' | 'plan'>, index: number): boolean {
  return phase.kind === 'running' || (plan.tasks[index]!.end !== undefined && mayRunEnds(phase));
}
