import type { EpochMs } from '../model/ids.ts';
import type { Effect, Input } from '../model/run/messages.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { unreachable } from '../model/unreachable.ts';
import { startReadyTasks } from './admission/start-ready-tasks.ts';
import { applyObservation } from './apply-observation.ts';
import { applyIntent } from './operator/apply-intent.ts';
import { propagate } from './propagate.ts';
import { continueRun } from './resume/continue-run.ts';
import { startRun } from './start-run.ts';
import { createTransition } from './transition.ts';

/** The result of one input: events for the journal, effects to perform, and the state after the events. */
export type Decision = {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  /** To be performed in this order, after the events are durable. */
  readonly effects: readonly Effect[];
  /** Why the operator's command was refused, as a message for the operator; nothing has changed then. */
  readonly refusal?: string;
};

/**
 * The scheduler, a pure function: the same state, input and time always give the same decision. Observations of attempts
 * and timers that are no longer current change nothing.
 * 1. Apply the input: an operator's command or an observation.
 * 2. Propagate the consequences to other tasks, checks and the run.
 * 3. Start ready tasks as far as slots, pools and connections allow.
 */
export function decide(state: RunState, input: Input, at: EpochMs): Decision {
  const transition = createTransition(state, at);
  let refusal: string | undefined;
  switch (input.type) {
    case 'start':
      startRun(transition);
      break;
    case 'continue':
      continueRun(transition, input.fact);
      break;
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'limit':
    case 'retry-task':
    case 'skip-task':
    case 'cancel-task':
    case 'recheck':
      refusal = applyIntent(transition, input);
      break;
    case 'spawned':
    case 'reported':
    case 'exited':
    case 'answered':
    case 'arrived':
    case 'timer-fired':
    case 'checked':
    case 'sampled':
    case 'hosts':
    case 'journal-lost':
    case 'journal-grace-over':
      applyObservation(transition, input);
      break;
    default:
      unreachable(input);
  }
  if (refusal !== undefined) return { state, events: [], effects: [], refusal };
  if (changesTheQueue(transition.events)) {
    propagate(transition);
    startReadyTasks(transition);
  }
  return { state: transition.state, events: transition.events, effects: transition.effects };
}

/** Most observations report progress, which cannot make anything start or end. */
function changesTheQueue(events: readonly RunEvent[]): boolean {
  return events.some(({ type }) => type !== 'task.spawned' && type !== 'task.progressed');
}
