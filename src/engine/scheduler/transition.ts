import type { EpochMs } from '../model/ids.ts';
import type { Effect } from '../model/run/messages.ts';
import type { RunEvent, RunFact } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { entryAt, type TaskEntry } from '../model/run/task-table.ts';
import { evolve } from './state/evolve.ts';

/** The decision that one call of `decide` builds up. Only `record` changes its state. */
export type Transition = {
  state: RunState;
  readonly at: EpochMs;
  readonly events: RunEvent[];
  readonly effects: Effect[];
  /** Indices of tasks whose state changed; `propagate` still has to apply the consequences. */
  readonly toPropagate: number[];
};

export function createTransition(state: RunState, at: EpochMs): Transition {
  return { state, at, events: [], effects: [], toPropagate: [] };
}

/** Adds an event to the decision. The state changes by the same function as in a replay, so that the two cannot differ. */
export function record(transition: Transition, fact: RunFact): void {
  const event: RunEvent = { ...fact, at: transition.at };
  transition.events.push(event);
  transition.state = evolve(transition.state, event);
}

/** The current entry of a task within the transition. */
export function entryIn(transition: Transition, index: number): TaskEntry {
  return entryAt(transition.state.tasks, index);
}
