import type { StoppingReason } from '../../model/run/task-state.ts';
import { entryIn, record, type Transition } from '../transition.ts';

/** Requests the termination of a running attempt; the outcome of the task is decided when its exit arrives. */
export function stopTask(transition: Transition, index: number, why: StoppingReason): void {
  const { state } = entryIn(transition, index);
  if (state.kind !== 'running') return;
  const { id, killGraceMs } = transition.state.plan.tasks[index]!.spec;
  record(transition, { type: 'task.stopping', task: id, why });
  // Termination was requested before; only the reason is new.
  if (state.stopping !== undefined) return;
  transition.effects.push({ type: 'terminate-task', task: id, attempt: state.attempt, graceMs: killGraceMs });
}

/** Nobody wants to know any more whether the task is needed, or whether what it waits for has happened. */
export function stopCondition(transition: Transition, index: number): void {
  const { kind } = entryIn(transition, index).state;
  if (kind !== 'asking' && kind !== 'awaiting') return;
  transition.effects.push({ type: 'stop-condition', task: transition.state.plan.tasks[index]!.spec.id });
}

/** Requests the termination of every running attempt that is not being stopped already. */
export function stopRunningTasks(transition: Transition, why: StoppingReason): void {
  for (const { index } of transition.state.plan.tasks) {
    const { state } = entryIn(transition, index);
    if (state.kind === 'running' && state.stopping === undefined) stopTask(transition, index, why);
  }
}
