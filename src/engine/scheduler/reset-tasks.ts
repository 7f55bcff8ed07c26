import { type Draft, record } from './draft.ts';

/** Puts tasks back to waiting; whether they can start at once is settled afterwards. */
export function resetTasks(draft: Draft, tasks: Iterable<number>): void {
  for (const index of tasks) {
    record(draft, { type: 'task.reset', task: draft.state.plan.tasks[index]!.spec.id });
    draft.unsettled.push(index);
  }
}

/** Brings a run that drains or is over back to work. */
export function reopen(draft: Draft): void {
  const { kind } = draft.state.phase;
  if (kind === 'draining' || kind === 'finished') record(draft, { type: 'run.reopened' });
}
