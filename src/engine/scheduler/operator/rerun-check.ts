import { entryAt } from '../../model/run/task-table.ts';
import { areTasksDone, runAllDue, startCheck } from '../run-checks.ts';
import { record, type Transition } from '../transition.ts';
import { refuseAfterEnd, reopen, resetTasks, tasksToReset } from './reset-tasks.ts';

/**
 * Runs a check again on the operator's command, whatever its verdict was. Returns a message when it is refused.
 * One that waits for its next attempt gets it at once. Else:
 * 1. Its answer no longer counts, so that a gate is closed until the new one comes.
 * 2. What was not run because of it, or is about to start behind it, waits again; what has run behind it stays.
 */
export function rerunCheck(transition: Transition, index: number): string | undefined {
  const { plan, options, checks, phase, tasks } = transition.state;
  const { spec, gates } = plan.checks[index]!;
  if (!options.runChecks) return 'checks are off in this run';
  const check = checks[index]!;
  const { kind } = check;
  if (kind === 'running') return `check ${spec.name} is running`;
  if (check.kind === 'backing-off') {
    startCheck(transition, index, check.attempt);
    return undefined;
  }
  if (!areTasksDone(transition.state, index))
    return `check ${spec.name} has not run: a task before it has not finished`;
  // A check that is due has started; one that waits all the same was left by a run that was cancelled.
  if (kind === 'waiting' && phase.kind !== 'finished') return `check ${spec.name} has not run yet`;
  const running = gates.find((task) => entryAt(tasks, task).state.kind === 'running');
  if (running !== undefined) return `task ${plan.tasks[running]!.spec.id} is running after it; cancel it first`;
  const held = gates.filter((task) => waitsFor(transition, task, spec.name));
  const refusal = refuseAfterEnd(transition.state, tasksToReset(transition.state, held));
  if (refusal !== undefined) return refusal;
  reopen(transition);
  if (kind === 'done') record(transition, { type: 'check.reset', check: spec.name });
  resetTasks(transition, tasksToReset(transition.state, held));
  runAllDue(transition);
  return undefined;
}

function waitsFor({ state }: Transition, task: number, check: string): boolean {
  const { state: behind } = entryAt(state.tasks, task);
  switch (behind.kind) {
    case 'upstream-failed':
      return behind.because === check;
    case 'awaiting':
    case 'asking':
    case 'ready':
    case 'backing-off':
      return true;
    case 'waiting':
    case 'running':
    case 'succeeded':
    case 'failed':
    case 'timed-out':
    case 'skipped':
    case 'not-needed':
    case 'reused':
    case 'cancelled':
      return false;
  }
}
