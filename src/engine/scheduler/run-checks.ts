import type { RunState } from '../model/run/run-state.ts';
import { isStoppedByOthers, stopsDownstream, unblocksDownstream } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { mayRunChecks, mayRunEndChecks } from './run-phase.ts';
import { record, type Transition } from './transition.ts';

/**
 * Starts a check as soon as all tasks in its `after` are done. When one of them failed or was not run, the check does not
 * run: it would judge the rows of an earlier run, and this run has failed anyway. Neither does it when one was not asked,
 * because another has found nothing to do, or when all of them have found that.
 */
export function runWhenDue(transition: Transition, index: number): void {
  const { plan, checks } = transition.state;
  if (plan.checks[index]!.atEnd || checks[index]!.kind !== 'waiting') return;
  if (mayRunChecks(transition.state) && areTasksDone(transition.state, index)) startCheck(transition, index);
}

/** For a run that starts or is reopened: starts the checks that became due while none could start. */
export function runAllDue(transition: Transition): void {
  for (const { index } of transition.state.plan.checks) runWhenDue(transition, index);
}

/** Runs a closed gate again, if its tasks are done. */
export function rerunGate(transition: Transition, index: number): void {
  const isDone = transition.state.checks[index]!.kind === 'done';
  if (isDone && areTasksDone(transition.state, index)) startCheck(transition, index);
}

/** Starts the checks of the whole run, once every task before its end has an outcome; they also run after failures. */
export function runEndChecks(transition: Transition): void {
  const { plan } = transition.state;
  if (!mayRunEndChecks(transition.state)) return;
  for (const { index, atEnd } of plan.checks) {
    if (atEnd && transition.state.checks[index]!.kind === 'waiting') startCheck(transition, index);
  }
}

/** Whether everything in the check's `after` is done, or has found nothing to do while another one had something; true without any. */
export function areTasksDone(state: RunState, index: number): boolean {
  const { after } = state.plan.checks[index]!;
  const isDone = (task: number) => unblocksDownstream(entryAt(state.tasks, task).state);
  const isIdle = (task: number) => {
    const { state: one } = entryAt(state.tasks, task);
    return stopsDownstream(one) && !isStoppedByOthers(one);
  };
  // From the end, because the last tasks usually finish last: the search mostly stops at the first step.
  if (after.findLast((task) => !isDone(task) && !isIdle(task)) !== undefined) return false;
  return after.length === 0 || after.some(isDone);
}

/** @param attempt counted from 1 */
export function startCheck(transition: Transition, index: number, attempt = 1): void {
  const { name } = transition.state.plan.checks[index]!.spec;
  record(transition, { type: 'check.started', check: name, ...(attempt === 1 ? {} : { attempt }) });
  transition.effects.push({ type: 'run-check', check: name });
}
