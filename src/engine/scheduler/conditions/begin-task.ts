import type { EpochMs } from '../../model/ids.ts';
import { emptyFileOf } from '../../model/pipeline/line-sources.ts';
import { isPlaceholder } from '../../model/pipeline/matrix.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { finishTask } from '../attempts/finish-task.ts';
import { mayStartTask } from '../run-phase.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { asksFirst } from './asks-first.ts';

/**
 * Everything upstream of a task is done and its gates are open: first comes what it waits for outside the run, then the
 * question whether it is needed, then a slot. In a sequential run, which does one thing at a time, all of that comes when it
 * is the task's turn. Nobody begins to look or to ask in a run that is about to cancel the task. One that stands for its
 * instances has nothing to do when they have no values.
 */
export function beginTask(transition: Transition, index: number): void {
  const empty = emptyFileOf(transition.state.plan, index);
  if (empty !== undefined) {
    finishTask(transition, index, { kind: 'not-needed', stops: true, because: empty.from });
    return;
  }
  const attempt = entryIn(transition, index).attempts + 1;
  if (!transition.state.options.sequential) beginConditions(transition, index, attempt);
  else record(transition, { type: 'task.ready', task: transition.state.plan.tasks[index]!.spec.id, attempt });
}

/** Whether something has to hold before the task starts of which that is not known yet. */
export function hasOpenConditions(state: RunState, index: number): boolean {
  const { waitFor } = state.plan.tasks[index]!.spec;
  return (waitFor !== undefined || asksFirst(state, index)) && entryAt(state.tasks, index).isMet !== true;
}

/** Looks for what the task waits for, and then asks; one without conditions is ready. Instances wait for themselves. */
export function beginConditions(transition: Transition, index: number, attempt: number): void {
  const { id, waitFor, instance } = transition.state.plan.tasks[index]!.spec;
  if (waitFor === undefined || isPlaceholder(instance)) beginAttempt(transition, index, attempt);
  else if (mayStartTask(transition.state, index)) {
    record(transition, { type: 'task.awaiting', task: id });
    lookFor(transition, index, transition.at);
  }
}

/** Asks whether the task is needed, or which instances it stands for, as long as nobody has; else it is ready for the attempt. */
export function beginAttempt(transition: Transition, index: number, attempt: number): void {
  const { id } = transition.state.plan.tasks[index]!.spec;
  const mustAsk = asksFirst(transition.state, index) && entryIn(transition, index).isMet !== true;
  if (!mustAsk) record(transition, { type: 'task.ready', task: id, attempt });
  else if (mayStartTask(transition.state, index)) {
    record(transition, { type: 'task.asking', task: id, attempt });
    transition.effects.push({ type: 'ask-condition', task: id, attempt });
  }
}

/** In another process: the effects that began the wait or the question were those of the one before. */
export function carryOnWithCondition(transition: Transition, index: number): void {
  const { state } = entryIn(transition, index);
  const { id } = transition.state.plan.tasks[index]!.spec;
  if (state.kind === 'awaiting') lookFor(transition, index, state.since);
  else if (state.kind === 'asking') {
    transition.effects.push({ type: 'ask-condition', task: id, attempt: state.attempt });
  }
}

function lookFor(transition: Transition, index: number, since: EpochMs): void {
  const { id, waitFor } = transition.state.plan.tasks[index]!.spec;
  if (waitFor === undefined) return;
  const attempt = entryIn(transition, index).attempts + 1;
  const timer = { kind: 'awaited', task: id, since } as const;
  // When its time went by while no process carried the run out, it is looked for once more.
  const at = Math.max(since + waitFor.timeoutMs, transition.at + Math.min(waitFor.everyMs, waitFor.timeoutMs));
  transition.effects.push(
    { type: 'await-condition', task: id, attempt },
    { type: 'set-timer', timer, at: at as EpochMs },
  );
}
