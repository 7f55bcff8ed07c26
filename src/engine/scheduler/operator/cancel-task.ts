import type { Outcome } from '../../model/run/task-state.ts';
import { finishTask } from '../attempts/finish-task.ts';
import { stopTask } from '../attempts/stop-task.ts';
import { entryIn, type Transition } from '../transition.ts';

/** Cancels one task, at once or as soon as its process has ended; its downstream is not run. Returns a message when it is refused. */
export function cancelTask(transition: Transition, index: number): string | undefined {
  const { state } = entryIn(transition, index);
  const { id } = transition.state.plan.tasks[index]!.spec;
  switch (state.kind) {
    case 'running':
      if (state.stopping === 'cancel') return `task ${id} is already being cancelled`;
      stopTask(transition, index, 'cancel');
      return undefined;
    case 'waiting':
    case 'awaiting':
    case 'asking':
    case 'ready':
    case 'backing-off':
      finishTask(transition, index, { kind: 'cancelled', reason: 'an operator cancelled it', withRun: false });
      return undefined;
    default:
      return `task ${id} ${outcomeClause(state)}`;
  }
}

/** The outcome as a predicate, for messages: `task x has already failed`. */
function outcomeClause({ kind }: Outcome): string {
  switch (kind) {
    case 'succeeded':
      return 'has already succeeded';
    case 'failed':
      return 'has already failed';
    case 'timed-out':
      return 'has already timed out';
    case 'skipped':
      return 'is already skipped';
    case 'not-needed':
      return 'was not needed';
    case 'reused':
      return 'is already reused';
    case 'upstream-failed':
      return 'is already marked not run';
    case 'cancelled':
      return 'is already cancelled';
  }
}
