import type { EpochMs } from '../model/ids.ts';
import { type DrainReason, endsTheRun } from '../model/run/run-event.ts';
import type { TaskState } from '../model/run/task-state.ts';
import { stopTask } from './attempts/stop-task.ts';
import { mayRunEnds } from './run-phase.ts';
import { entryIn, record, type Transition } from './transition.ts';

/**
 * Ends the run as a whole: terminates the running tasks; `propagate` gives all others their outcome. What runs at its end is
 * carried out all the same, unless the reason gives it up.
 */
export function endRun(transition: Transition, reason: DrainReason): void {
  record(transition, { type: 'run.draining', reason });
  const keepsEnds = mayRunEnds(transition.state.phase);
  for (const { index, end } of transition.state.plan.tasks) {
    const { state } = entryIn(transition, index);
    if (end !== undefined ? keepsEnds : isStopped(state, keepsEnds)) continue;
    // The operator skipped this one before; it keeps that outcome.
    if (state.kind === 'running' && state.stopping !== 'skip') stopTask(transition, index, 'cancel');
  }
}

/** When the tasks at the end are given up, all others have been stopped before. */
function isStopped(state: TaskState, isFirst: boolean): boolean {
  return !isFirst && state.kind === 'running' && state.stopping === 'cancel';
}

/** Sets the timer of `limits.run`, which counts from now: the run starts, is continued or is reopened. */
export function startRunLimit({ state, at, effects }: Transition): void {
  const { runMs } = state.plan.pipeline.limits;
  if (runMs === undefined) return;
  effects.push({ type: 'set-timer', timer: { kind: 'run-limit', since: at }, at: (at + runMs) as EpochMs });
}

/** The timer of `limits.run` has fired; that of a time before the run was reopened is ignored. */
export function endAtLimit(transition: Transition, since: EpochMs): void {
  const { phase, activeSince, plan } = transition.state;
  const { runMs } = plan.pipeline.limits;
  if (runMs === undefined || since !== activeSince) return;
  const isGoingOn =
    phase.kind === 'running' ||
    (phase.kind === 'draining' && phase.reason.kind !== 'journal-lost' && !endsTheRun(phase.reason));
  if (isGoingOn) endRun(transition, { kind: 'run-limit', afterMs: runMs });
}
