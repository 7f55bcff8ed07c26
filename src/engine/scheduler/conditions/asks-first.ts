import { isPlaceholder } from '../../model/pipeline/matrix.ts';
import { isReusableIn } from '../../model/pipeline/reusable.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/** Whether something is asked before a task starts: whether it is needed, or done already, or which instances it stands for. */
export function asksFirst(state: RunState, index: number): boolean {
  const { instance, onlyIf } = state.plan.tasks[index]!.spec;
  return onlyIf !== undefined || isPlaceholder(instance) || mayBeReused(state, index);
}

/** Whether it is asked whether anything has changed since the last success of a task. A rerun always runs. */
export function mayBeReused({ plan, options, tasks }: RunState, index: number): boolean {
  if (isPlaceholder(plan.tasks[index]!.spec.instance)) return false;
  return isReusableIn(plan, index, options.reuse) && entryAt(tasks, index).isRerun !== true;
}
