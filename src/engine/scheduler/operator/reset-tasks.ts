import { record, type Transition } from '../transition.ts';

/** Puts tasks back to waiting; whether they can start at once is settled afterwards. */
export function resetTasks(transition: Transition, tasks: Iterable<number>): void {
  for (const index of tasks) {
    record(transition, { type: 'task.reset', task: transition.state.plan.tasks[index]!.spec.id });
    transition.toPropagate.push(index);
  }
}

/** Brings a run that drains or is over back to work. */
export function reopen(transition: Transition): void {
  const { kind } = transition.state.phase;
  if (kind === 'draining' || kind === 'finished') record(transition, { type: 'run.reopened' });
}
