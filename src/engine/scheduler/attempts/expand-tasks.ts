import type { TaskId } from '../../model/ids.ts';
import { isPlaceholder, linesKey, type MatrixLines } from '../../model/pipeline/matrix.ts';
import type { Outcome } from '../../model/run/task-state.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { finishTask } from './finish-task.ts';

/**
 * A task has written the values of matrices, and ends: the instances take the place of what stood for them. Where there are no
 * values, nothing is to be done: that task, and what depends on it, is not needed.
 */
export function expandTasks(transition: Transition, from: TaskId, outcome: Outcome, lines: MatrixLines): void {
  // Before its end: when a crash leaves only half of this on the disk, the task is run again.
  record(transition, { type: 'tasks.expanded', from, lines });
  const { plan } = transition.state;
  // These were places in the former plan.
  transition.toPropagate.length = 0;
  finishTask(transition, plan.indexOf.get(from)!, outcome);
  for (const { index, spec, skip } of plan.tasks) {
    const { state } = entryIn(transition, index);
    if (state.kind !== 'waiting') continue;
    if (skip) finishTask(transition, index, { kind: 'skipped' });
    else if (isPlaceholder(spec.instance) && hasNoValues(transition, index)) {
      finishTask(transition, index, { kind: 'not-needed', stops: true, because: from });
    } else transition.toPropagate.push(index);
  }
}

/** Whether a file that was to give the task its values is empty. */
function hasNoValues({ state: { plan } }: Transition, index: number): boolean {
  const { of } = plan.tasks[index]!.spec.instance!;
  const { pipeline, values } = plan.written!;
  const matrix = pipeline.tasks.find(({ id }) => id === of)?.matrix;
  return (matrix?.keys ?? []).some(
    ({ source }) => source.kind === 'lines' && values.lines?.[linesKey(source)]?.length === 0,
  );
}
