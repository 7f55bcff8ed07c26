import { type Draft, entryIn } from './draft.ts';
import { finishTask } from './finish-task.ts';
import { outcomeClause } from './outcome-clause.ts';
import { stopTask } from './stop-task.ts';

/** Ends one task, at once or when its process has ended. What is downstream of it does not run. */
export function cancelTask(draft: Draft, index: number): string | undefined {
  const { state } = entryIn(draft, index);
  const { id } = draft.state.plan.tasks[index]!.spec;
  switch (state.kind) {
    case 'running':
      if (state.stopping === 'cancel') return `task ${id} is being cancelled already`;
      stopTask(draft, index, 'cancel');
      return undefined;
    case 'waiting':
    case 'ready':
    case 'backing-off':
      finishTask(draft, index, { kind: 'cancelled', reason: 'an operator cancelled it', withRun: false });
      return undefined;
    default:
      return `task ${id} ${outcomeClause(state)} already`;
  }
}
