import type { EpochMs } from '../model/ids.ts';
import type { Effect, Input } from '../model/messages.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { unreachable } from '../model/unreachable.ts';
import { admit } from './admission/admit.ts';
import { applyObservation } from './apply-observation.ts';
import { applyIntent } from './operator/apply-intent.ts';
import { propagate } from './propagate.ts';
import { startRun } from './start-run.ts';
import { createTransition } from './transition.ts';

/** What follows from an input: facts for the journal, wishes to the world, and the state after the facts. */
export type Decision = {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  /** To be carried out in this order, once the events are durable. */
  readonly effects: readonly Effect[];
  /** Why a person's wish was not fulfilled, in words for this person; then nothing has changed. */
  readonly refusal?: string;
};

/**
 * The scheduler: the same state, input and time give the same decision, byte for byte. What the world tells of attempts
 * and timers that are not current any more changes nothing.
 */
export function decide(state: RunState, input: Input, at: EpochMs): Decision {
  const transition = createTransition(state, at);
  let refusal: string | undefined;
  switch (input.type) {
    case 'start':
      startRun(transition);
      break;
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'limit':
    case 'retry-task':
    case 'skip-task':
    case 'cancel-task':
      refusal = applyIntent(transition, input);
      break;
    case 'spawned':
    case 'reported':
    case 'exited':
    case 'timer-fired':
    case 'checked':
    case 'journal-lost':
      applyObservation(transition, input);
      break;
    default:
      unreachable(input);
  }
  if (refusal !== undefined) return { state, events: [], effects: [], refusal };
  if (changesTheQueue(transition.events)) {
    propagate(transition);
    admit(transition);
  }
  return { state: transition.state, events: transition.events, effects: transition.effects };
}

/** Most of what the world tells is progress; nothing can start or end because of it. */
function changesTheQueue(events: readonly RunEvent[]): boolean {
  return events.some(({ type }) => type !== 'task.spawned' && type !== 'task.progressed');
}
