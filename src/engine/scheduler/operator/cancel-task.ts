import { finishTask } from '../attempts/finish-task.ts';
import { stopTask } from '../attempts/stop-task.ts';
import { outcomeClause } from '../outcome-clause.ts';
import { entryIn, type Transition } from '../transition.ts';

/** Ends one task, at once or when its process has ended. What is downstream of it does not run. */
export function cancelTask(transition: Transition, index: number): string | undefined {
  const { state } = entryIn(transition, index);
  const { id } = transition.state.plan.tasks[index]!.spec;
  switch (state.kind) {
    case 'running':
      if (state.stopping === 'cancel') return `task ${id} is being cancelled already`;
      stopTask(transition, index, 'cancel');
      return undefined;
    case 'waiting':
    case 'ready':
    case 'backing-off':
      finishTask(transition, index, { kind: 'cancelled', reason: 'an operator cancelled it', withRun: false });
      return undefined;
    default:
      return `task ${id} ${outcomeClause(state)} already`;
  }
}
