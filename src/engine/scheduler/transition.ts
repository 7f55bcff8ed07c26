import type { EpochMs } from '../model/ids.ts';
import type { Effect } from '../model/messages.ts';
import type { RunEvent, RunFact } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { entryAt, type TaskEntry } from '../model/task-table.ts';
import { evolve } from './state/evolve.ts';

/** A decision in the making. It never outlives one call of `decide`, and only `record` moves its state. */
export type Transition = {
  state: RunState;
  readonly at: EpochMs;
  readonly events: RunEvent[];
  readonly effects: Effect[];
  /** Tasks that moved, with consequences for others that `settle` has still to draw. */
  readonly toPropagate: number[];
};

export function createTransition(state: RunState, at: EpochMs): Transition {
  return { state, at, events: [], effects: [], toPropagate: [] };
}

/** Adds a fact to the decision. The state moves by the same function as in a replay, so that the two cannot differ. */
export function record(transition: Transition, fact: RunFact): void {
  const event: RunEvent = { ...fact, at: transition.at };
  transition.events.push(event);
  transition.state = evolve(transition.state, event);
}

/** What the transition knows of a task, as it stands. */
export function entryIn(transition: Transition, index: number): TaskEntry {
  return entryAt(transition.state.tasks, index);
}
