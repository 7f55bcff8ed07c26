import { difference, nextIndex } from '../../model/run/index-set.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { findResourceBlock, findRunBlock } from './admission-rules.ts';

/**
 * Starts ready tasks in queue order as long as there is capacity:
 * 1. A task whose pool is full is skipped, with its whole demand class, and later tasks may start.
 * 2. A task that lacks connections reserves the next free ones: later tasks may start only if they need none. Otherwise
 *    small tasks could take the connections again and again, and a large task would wait until the end of the run.
 */
export function startReadyTasks(transition: Transition): void {
  // A task that started in this pass may fill the pool of the task with the reservation, which then needs no reservation.
  while (startOnePass(transition));
}

/** Returns whether another pass may start more. */
function startOnePass(transition: Transition): boolean {
  const { demandClasses, queueOrder, plan } = transition.state;
  let candidates = transition.state.ready;
  let reserved = false;
  let startedBehindReservation = false;
  let place = nextIndex(candidates, 0);
  while (place !== undefined && findRunBlock(transition.state) === undefined) {
    const task = plan.tasks[queueOrder[place]!]!;
    const block = findResourceBlock(transition.state, task.spec, reserved);
    if (block === undefined) start(transition, task.index);
    else candidates = difference(candidates, demandClasses.members[demandClasses.ofPlace[place]!]!);
    startedBehindReservation ||= reserved && block === undefined;
    reserved ||= block?.kind === 'connections';
    place = nextIndex(candidates, place + 1);
  }
  return startedBehindReservation;
}

function start(transition: Transition, index: number): void {
  const { spec } = transition.state.plan.tasks[index]!;
  const { state } = entryIn(transition, index);
  if (state.kind !== 'ready') throw new Error(`${spec.id} is in the queue, but not ready`);
  const { attempt, fallback } = state;
  record(transition, { type: 'task.started', task: spec.id, attempt, ...(fallback ? { fallback } : {}) });
  transition.effects.push({ type: 'start-task', task: spec.id, attempt, fallback });
  const timer = { kind: 'timeout', task: spec.id, attempt } as const;
  transition.effects.push({ type: 'set-timer', timer, at: (transition.at + spec.timeoutMs) as typeof transition.at });
}
