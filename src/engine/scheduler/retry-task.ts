import { askAgain, askAllDue } from './ask-checks.ts';
import { findRunningDependant, withBarriers, withDependants, withDownstream } from './choose-reset.ts';
import { type Draft, entryIn, record } from './draft.ts';
import { closedGates } from './gates.ts';
import { reopen, resetTasks } from './reset-tasks.ts';

/**
 * Has a task run again, with all that is downstream of it if so wished. One that is over gets the retries of its policy
 * anew; one that waits for its next attempt has only that begin now, so that however often a person asks, it has no more
 * retries than it had. What keeps it from running is retried with it: a failed task upstream, or the question of a gate
 * that has not opened.
 */
export function retryTask(draft: Draft, index: number, downstream: boolean): string | undefined {
  const { state } = draft;
  const { tasks, checks } = state.plan;
  const current = entryIn(draft, index).state;
  const { kind } = current;
  const { id } = tasks[index]!.spec;
  if (kind === 'running') return `task ${id} is running; cancel it first`;
  if (kind === 'waiting' || kind === 'ready') return `task ${id} has not run yet`;
  const wanted = withBarriers(state, index);
  const gates = new Set([...wanted].flatMap((one) => closedGates(state, one)));
  const held = [...gates].flatMap((gate) => checks[gate]!.gates);
  const givenUp = held.filter((one) => entryIn(draft, one).state.kind === 'upstream-failed');
  const below = downstream ? withDownstream(state, index) : [];
  const chosen = new Set(withDependants(state, [...wanted, ...givenUp, ...below]));
  const running = findRunningDependant(state, chosen);
  if (running !== undefined) return `task ${tasks[running]!.spec.id} is running on its result; cancel it first`;
  if (current.kind === 'backing-off') {
    chosen.delete(index);
    record(draft, { type: 'task.ready', task: id, attempt: current.attempt });
  }
  reopen(draft);
  resetTasks(draft, chosen);
  for (const gate of gates) askAgain(draft, gate);
  askAllDue(draft);
  return undefined;
}
