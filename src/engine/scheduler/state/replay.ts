import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { evolve } from './evolve.ts';
import { initialState } from './initial-state.ts';

/** The state after the events of a journal; `onEvent` is called with each and the state after it. */
export function replay(
  plan: Plan,
  options: RunOptions,
  events: Iterable<RunEvent>,
  onEvent?: (event: RunEvent, state: RunState) => void,
): RunState {
  let state = initialState(plan, options);
  for (const event of events) {
    state = evolve(state, event);
    onEvent?.(event, state);
  }
  return state;
}
