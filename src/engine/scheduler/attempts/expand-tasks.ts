import type { TaskId } from '../../model/ids.ts';
import { emptyFileOf } from '../../model/pipeline/line-sources.ts';
import { type MatrixLines, writerOfLines } from '../../model/pipeline/matrix.ts';
import type { EndOfAttempt } from '../../model/run/run-event.ts';
import { isOutcome, type Outcome } from '../../model/run/task-state.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { finishTask } from './finish-task.ts';

/** A task has written the values of matrices, and ends: the instances take the place of what stood for them. */
export function expandTasks(
  transition: Transition,
  from: TaskId,
  outcome: Outcome,
  lines: MatrixLines,
  end: EndOfAttempt,
): void {
  // Before its end: when a crash leaves only half of this on the disk, the task is run again.
  record(transition, { type: 'tasks.expanded', from, lines });
  // These were places in the former plan.
  transition.toPropagate.length = 0;
  finishTask(transition, transition.state.plan.indexOf.get(from)!, outcome, end);
  beginInstances(transition);
}

/** The same for values in files of tasks that have not run: what is there is used. */
export function expandFromFiles(transition: Transition, lines: MatrixLines): void {
  for (const [key, values] of Object.entries(lines)) {
    record(transition, { type: 'tasks.expanded', from: writerOfLines(key), lines: { [key]: values } });
  }
  transition.toPropagate.length = 0;
  beginInstances(transition);
}

/** Where there are no values, nothing is to be done: what stands for the instances, and what depends on it, is not needed. */
function beginInstances(transition: Transition): void {
  const { plan } = transition.state;
  for (const { index, skip } of plan.tasks) {
    const { state } = entryIn(transition, index);
    const empty = isOutcome(state) ? undefined : emptyFileOf(plan, index);
    if (skip && state.kind === 'waiting') finishTask(transition, index, { kind: 'skipped' });
    else if (empty !== undefined)
      finishTask(transition, index, { kind: 'not-needed', stops: true, because: empty.from });
    else if (state.kind === 'waiting') transition.toPropagate.push(index);
  }
}
