import { finishTask } from '../attempts/finish-task.ts';
import { stopTask } from '../attempts/stop-task.ts';
import { runAllDue } from '../run-checks.ts';
import { entryIn, type Transition } from '../transition.ts';
import { refuseAfterEnd, reopen, resetTasks, withDependants, withSetups } from './reset-tasks.ts';

/** Skips a task: its downstream runs as if it had succeeded. Returns a message when it is refused. */
export function skipTask(transition: Transition, index: number): string | undefined {
  const { state } = entryIn(transition, index);
  const { id } = transition.state.plan.tasks[index]!.spec;
  switch (state.kind) {
    case 'running':
      if (state.stopping === 'skip') return `task ${id} is already being skipped`;
      stopTask(transition, index, 'skip');
      return undefined;
    case 'succeeded':
      return `task ${id} has already succeeded`;
    case 'reused':
      return `task ${id} is reused, and its downstream runs`;
    case 'skipped':
      return `task ${id} is already skipped`;
    case 'waiting':
    case 'awaiting':
    case 'asking':
    case 'ready':
    case 'backing-off':
      finishTask(transition, index, { kind: 'skipped' });
      return undefined;
    case 'not-needed':
      if (!state.stops) return `task ${id} was not needed, and its downstream runs`;
      return skipFailed(transition, index);
    case 'failed':
    case 'timed-out':
    case 'upstream-failed':
    case 'cancelled':
      return skipFailed(transition, index);
  }
}

function skipFailed(transition: Transition, index: number): string | undefined {
  const dependants = withDependants(transition.state, [index]);
  dependants.delete(index);
  const unblocked = new Set(withSetups(transition.state, dependants));
  // What it had set up need not be there: whoever skips it sees to that.
  unblocked.delete(index);
  const refusal = refuseAfterEnd(transition.state, unblocked);
  if (refusal !== undefined) return refusal;
  if (unblocked.size > 0 || transition.state.phase.kind === 'finished') reopen(transition);
  finishTask(transition, index, { kind: 'skipped' });
  resetTasks(transition, unblocked);
  runAllDue(transition);
  return undefined;
}
