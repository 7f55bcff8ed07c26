import { entryAt, type RunState, type TaskId } from '../../engine/index.ts';

/**
 * What in the end kept a task from running, in words. A task names the one before it, which may itself not have run;
 * people want to know which failed.
 */
export function rootCause(because: string, state: RunState): string {
  const index = state.plan.indexOf.get(because as TaskId);
  if (index === undefined) return `check ${because} did not pass`;
  const task = entryAt(state.tasks, index).state;
  if (task.kind === 'upstream-failed') return rootCause(task.because, state);
  return `${because} ${task.kind === 'cancelled' ? 'was cancelled' : 'failed'}`;
}
