import { closedGates } from '../admission/gates.ts';
import { rerunCheck, runAllDue } from '../run-checks.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { reopen, resetTasks } from './reset-tasks.ts';
import {
  failedUpstreamClosure,
  findRunningDependant,
  startedDownstreamClosure,
  tasksToReset,
} from './tasks-to-reset.ts';

/**
 * Has a task run again, with all that is downstream of it if so wished. One that is over gets the retries of its policy
 * anew; one that waits for its next attempt has only that begin now, so that however often a person asks, it has no more
 * retries than it had. What keeps it from running is retried with it: a failed task upstream, or the question of a gate
 * that has not opened.
 */
export function rerunTask(transition: Transition, index: number, downstream: boolean): string | undefined {
  const { state } = transition;
  const { tasks, checks } = state.plan;
  const current = entryIn(transition, index).state;
  const { kind } = current;
  const { id } = tasks[index]!.spec;
  if (kind === 'running') return `task ${id} is running; cancel it first`;
  if (kind === 'waiting' || kind === 'ready') return `task ${id} has not run yet`;
  const wanted = failedUpstreamClosure(state, index);
  const gates = new Set([...wanted].flatMap((one) => closedGates(state, one)));
  const held = [...gates].flatMap((gate) => checks[gate]!.gates);
  const givenUp = held.filter((one) => entryIn(transition, one).state.kind === 'upstream-failed');
  const below = downstream ? startedDownstreamClosure(state, index) : [];
  const chosen = new Set(tasksToReset(state, [...wanted, ...givenUp, ...below]));
  const running = findRunningDependant(state, chosen);
  if (running !== undefined) return `task ${tasks[running]!.spec.id} is running on its result; cancel it first`;
  if (current.kind === 'backing-off') {
    chosen.delete(index);
    record(transition, { type: 'task.ready', task: id, attempt: current.attempt });
  }
  reopen(transition);
  resetTasks(transition, chosen);
  for (const gate of gates) rerunCheck(transition, gate);
  runAllDue(transition);
  return undefined;
}
