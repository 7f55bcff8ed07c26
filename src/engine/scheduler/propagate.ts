import type { DrainReason } from '../model/run/run-event.ts';
import { isOutcome, unblocksDownstream } from '../model/run/task-state.ts';
import { blocksDownstream, findBlocker } from './admission/gates.ts';
import { describeDrain } from './attempts/describe-drain.ts';
import { finishTask } from './attempts/finish-task.ts';
import { finishRun } from './finish-run.ts';
import { runWhenDue } from './run-checks.ts';
import { entryIn, record, type Transition } from './transition.ts';

/**
 * Applies all consequences of the tasks in `toPropagate`: tasks become ready or will not run, due checks start, a draining
 * run cancels its remaining tasks, and a run with nothing left to do finishes.
 */
export function propagate(transition: Transition): void {
  propagateTasks(transition);
  const { phase, open, running } = transition.state;
  if (phase.kind === 'draining' && open > running) {
    cancelRemainingTasks(transition, phase.reason);
    propagateTasks(transition);
  }
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
  const { spec, downstream } = plan.tasks[index]!;
  if (state.kind === 'waiting') {
    makeReadyWhenFree(transition, index);
    if (state.unmet > 0) endWhenBlocked(transition, index, findBlocker(transition.state, index));
  } else if (unblocksDownstream(state)) {
    for (const other of downstream) makeReadyWhenFree(transition, other);
    for (const check of checksAfter[index]!) runWhenDue(transition, check);
  } else if (blocksDownstream(state)) {
    for (const other of downstream) endWhenBlocked(transition, other, spec.id);
    for (const check of checksAfter[index]!) endGatedTasks(transition, check);
  }
}

/** A gate has finished: its tasks may become ready, or will not run. */
export function propagateGate(transition: Transition, check: number, open: boolean): void {
  if (!open) endGatedTasks(transition, check);
  else for (const index of transition.state.plan.checks[check]!.gates) makeReadyWhenFree(transition, index);
}

function makeReadyWhenFree(transition: Transition, index: number): void {
  const { state, attempts } = entryIn(transition, index);
  if (state.kind !== 'waiting' || state.unmet > 0) return;
  record(transition, { type: 'task.ready', task: transition.state.plan.tasks[index]!.spec.id, attempt: attempts + 1 });
}

function endGatedTasks(transition: Transition, check: number): void {
  const { spec, gates } = transition.state.plan.checks[check]!;
  for (const index of gates) endWhenBlocked(transition, index, spec.name);
}

function endWhenBlocked(transition: Transition, index: number, because: string | undefined): void {
  if (because === undefined || entryIn(transition, index).state.kind !== 'waiting') return;
  finishTask(transition, index, { kind: 'upstream-failed', because });
}

/** For a draining run: everything that neither runs nor has an outcome is cancelled with the run. */
function cancelRemainingTasks(transition: Transition, reason: DrainReason): void {
  for (const { index } of transition.state.plan.tasks) {
    const { state } = entryIn(transition, index);
    if (isOutcome(state) || state.kind === 'running') continue;
    finishTask(transition, index, { kind: 'cancelled', reason: describeDrain(reason), withRun: true });
  }
}
