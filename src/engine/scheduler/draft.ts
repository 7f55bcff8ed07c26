import type { EpochMs } from '../model/ids.ts';
import type { RunEvent, RunFact } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { entryAt, type TaskEntry } from '../model/task-table.ts';
import type { Effect } from '../model/vocabulary.ts';
import { evolve } from './evolve.ts';

/** A decision in the making. It never outlives one call of `decide`, and only `record` moves its state. */
export type Draft = {
  state: RunState;
  readonly at: EpochMs;
  readonly events: RunEvent[];
  readonly effects: Effect[];
  /** Tasks that moved, with consequences for others that `settle` has still to draw. */
  readonly unsettled: number[];
};

export function createDraft(state: RunState, at: EpochMs): Draft {
  return { state, at, events: [], effects: [], unsettled: [] };
}

/** Adds a fact to the decision. The state moves by the same function as in a replay, so that the two cannot differ. */
export function record(draft: Draft, fact: RunFact): void {
  const event: RunEvent = { ...fact, at: draft.at };
  draft.events.push(event);
  draft.state = evolve(draft.state, event);
}

/** What the draft knows of a task, as it stands. */
export function entryIn(draft: Draft, index: number): TaskEntry {
  return entryAt(draft.state.tasks, index);
}
