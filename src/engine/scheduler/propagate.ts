import type { DrainReason } from '../model/run/run-event.ts';
import { isOutcome, type Outcome, stopsDownstream, unblocksDownstream } from '../model/run/task-state.ts';
import { blockByGate, blockByUpstream, findBlock, isFree } from './admission/gates.ts';
import { describeDrain } from './attempts/describe-drain.ts';
import { finishTask } from './attempts/finish-task.ts';
import { beginTask } from './conditions/begin-task.ts';
import { startDueEnds } from './ends/start-due-ends.ts';
import { finishRun } from './finish-run.ts';
import { runWhenDue } from './run-checks.ts';
import { mayRunEnds } from './run-phase.ts';
import { entryIn, type Transition } from './transition.ts';

/**
 * Applies all consequences of the tasks in `toPropagate`: tasks become ready or will not run, due checks start, a draining
 * run cancels its remaining tasks, tasks at the end become ready, and a run with nothing left to do finishes.
 */
export function propagate(transition: Transition): void {
  propagateTasks(transition);
  const { phase, open, running } = transition.state;
  if (phase.kind === 'draining' && open > running) {
    cancelRemainingTasks(transition, phase.reason);
    propagateTasks(transition);
  }
  startDueEnds(transition);
  propagateTasks(transition);
  finishRun(transition);
}

/** The list grows during the loop, because the outcome of one task can decide that of others. */
function propagateTasks(transition: Transition): void {
  for (let at = 0; at < transition.toPropagate.length; at += 1) propagateTask(transition, transition.toPropagate[at]!);
  transition.toPropagate.length = 0;
}

function propagateTask(transition: Transition, index: number): void {
  const { state } = entryIn(transition, index);
  const { plan, checksAfter } = transition.state;
  const { downstream, turn } = plan.tasks[index]!;
  if (turn?.before !== undefined && isOutcome(state)) beginWhenFree(transition, turn.before);
  if (state.kind === 'waiting') {
    beginWhenFree(transition, index);
    if (state.unmet > 0) endWhenBlocked(transition, index, findBlock(transition.state, index));
  } else if (unblocksDownstream(state)) {
    for (const other of downstream) beginWhenFree(transition, other);
    for (const check of checksAfter[index]!) runWhenDue(transition, check);
  } else if (isOutcome(state)) {
    for (const other of downstream) {
      endWhenBlocked(transition, other, blockByUpstream(transition.state, other, index));
      // It may have waited for this one only, and joins it with others that have done something.
      if (stopsDownstream(state)) beginWhenFree(transition, other);
    }
    for (const check of checksAfter[index]!) {
      // It may have waited for this one only, and is about the work of others as well.
      runWhenDue(transition, check);
      endGatedTasks(transition, check);
    }
  }
}

/** A gate has finished: its tasks may become ready, or will not run. */
export function propagateGate(transition: Transition, check: number, open: boolean): void {
  if (!open) endGatedTasks(transition, check);
  else for (const index of transition.state.plan.checks[check]!.gates) beginWhenFree(transition, index);
}

function beginWhenFree(transition: Transition, index: number): void {
  const { state } = entryIn(transition, index);
  if (state.kind === 'waiting' && isFree(transition.state, index)) beginTask(transition, index);
}

function endGatedTasks(transition: Transition, check: number): void {
  const block = blockByGate(transition.state, check);
  if (block === undefined) return;
  for (const index of transition.state.plan.checks[check]!.gates) endWhenBlocked(transition, index, block);
}

/** The first of several verdicts is the outcome. */
function endWhenBlocked(transition: Transition, index: number, block: Outcome | undefined): void {
  if (block === undefined || entryIn(transition, index).state.kind !== 'waiting') return;
  finishTask(transition, index, block);
}

/** For a draining run: everything that neither runs nor has an outcome is cancelled with the run, but what runs at its end. */
function cancelRemainingTasks(transition: Transition, reason: DrainReason): void {
  const keepsEnds = mayRunEnds(transition.state.phase);
  for (const { index, end } of transition.state.plan.tasks) {
    const { state } = entryIn(transition, index);
    if (isOutcome(state) || state.kind === 'running' || (end !== undefined && keepsEnds)) continue;
    finishTask(transition, index, { kind: 'cancelled', reason: describeDrain(reason), withRun: true });
  }
}
