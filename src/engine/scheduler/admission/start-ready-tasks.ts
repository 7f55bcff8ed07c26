import type { HostId } from '../../model/ids.ts';
import { difference, nextIndex } from '../../model/run/index-set.ts';
import { performAttempt } from '../attempts/perform-attempt.ts';
import { beginConditions, hasOpenConditions } from '../conditions/begin-task.ts';
import { placeTask } from '../placement/place-task.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { findResourceBlock, findRunBlock, type Reservations, type ReservedResource } from './admission-rules.ts';
import { reserveFor } from './reserve-for.ts';

/**
 * Starts ready tasks in queue order as long as there is capacity:
 * 1. A task whose pool is full is skipped, with its whole demand class, and later tasks may start. So is one that needs CPU
 *    while the cores are busy.
 * 2. A task that lacks connections or memory reserves what becomes free next: later tasks may start only if they need
 *    none of it; on other hosts this holds for the memory of one host. Otherwise small tasks could take it again and again, and a large task would wait until the end of the run.
 * 3. A task that must run alone starts once nothing runs; until then nothing else starts.
 */
export function startReadyTasks(transition: Transition): void {
  // A task that started in this pass may fill the pool of the task with the reservation, which then needs no reservation.
  while (startOnePass(transition));
}

/** Returns whether another pass may start more. */
function startOnePass(transition: Transition): boolean {
  const { demandClasses, queueOrder, plan, readyAlone } = transition.state;
  let candidates = transition.state.ready;
  const reserved = new Set<ReservedResource | HostId>();
  let startedBehindReservation = false;
  let place = nextIndex(candidates, 0);
  while (place !== undefined && findRunBlock(transition.state) === undefined) {
    const task = plan.tasks[queueOrder[place]!]!;
    const block = findResourceBlock(transition.state, task.index, reserved);
    if (block === undefined) start(transition, task.index, reserved);
    // What has to run alone may be in the same class.
    else if (readyAlone === 0)
      candidates = difference(candidates, demandClasses.members[demandClasses.ofPlace[place]!]!);
    startedBehindReservation ||= reserved.size > 0 && block === undefined;
    reserveFor(transition.state, task.index, block, reserved);
    place = nextIndex(candidates, place + 1);
  }
  return startedBehindReservation;
}

function start(transition: Transition, index: number, reserved: Reservations): void {
  const { spec } = transition.state.plan.tasks[index]!;
  const { state } = entryIn(transition, index);
  if (state.kind !== 'ready') throw new Error(`${spec.id} is in the queue, but not ready`);
  const { attempt, fallback } = state;
  if (!fallback && hasOpenConditions(transition.state, index)) {
    beginConditions(transition, index, attempt);
    return;
  }
  const placement = placeTask(transition.state, index, reserved);
  const where = placement?.kind === 'host' ? { host: placement.host } : {};
  record(transition, { type: 'task.started', task: spec.id, attempt, ...(fallback ? { fallback } : {}), ...where });
  performAttempt(transition, index);
}
