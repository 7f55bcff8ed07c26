import { closedGates } from '../admission/gates.ts';
import { endBackOff } from '../attempts/end-attempt.ts';
import { isEndNeeded } from '../ends/end-due.ts';
import { rerunGate, runAllDue } from '../run-checks.ts';
import { entryIn, type Transition } from '../transition.ts';
import {
  failedUpstreamClosure,
  findRunningDependant,
  isDecidedByOthers,
  refuseAfterEnd,
  reopen,
  resetTasks,
  startedDownstreamClosure,
  tasksToReset,
} from './reset-tasks.ts';

/**
 * Runs a task again on the operator's command, with everything downstream of it when `downstream` is set. Returns a
 * message when it is refused.
 * 1. A finished task starts over with all retries of its policy. A task in back-off only starts its next attempt at once,
 *    so that repeated commands give it no additional retries.
 * 2. What keeps it from running is rerun as well: failed tasks upstream, and closed gates with the tasks they check.
 * 3. What was not run because of these tasks waits again, and so does what runs at the end.
 */
export function rerunTask(transition: Transition, index: number, downstream: boolean): string | undefined {
  const { state } = transition;
  const { tasks, checks } = state.plan;
  const current = entryIn(transition, index).state;
  const { kind } = current;
  const { id } = tasks[index]!.spec;
  if (kind === 'running') return `task ${id} is running; cancel it first`;
  if (kind === 'waiting' || kind === 'ready' || kind === 'awaiting' || kind === 'asking')
    return `task ${id} has not run yet`;
  if (kind === 'not-needed' && tasks[index]!.end !== undefined && !isEndNeeded(state, index)) {
    return `task ${id} is not needed`;
  }
  const rerun = failedUpstreamClosure(state, index);
  const gates = new Set([...rerun].flatMap((one) => closedGates(state, one)));
  const gated = [...gates].flatMap((gate) => checks[gate]!.gates);
  const notRun = gated.filter((one) => isDecidedByOthers(entryIn(transition, one).state));
  const started = downstream ? startedDownstreamClosure(state, index) : [];
  const reset = new Set(tasksToReset(state, [...rerun, ...notRun, ...started]));
  const running = findRunningDependant(state, reset);
  if (running !== undefined) return `task ${tasks[running]!.spec.id} is running on its result; cancel it first`;
  const refusal = refuseAfterEnd(state, reset);
  if (refusal !== undefined) return refusal;
  if (current.kind === 'backing-off') {
    reset.delete(index);
    endBackOff(transition, index, current);
  }
  reopen(transition);
  resetTasks(transition, reset);
  for (const gate of gates) rerunGate(transition, gate);
  runAllDue(transition);
  return undefined;
}
