import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { evolve } from './evolve.ts';
import { initialState } from './initial-state.ts';

/**
 * The state after the events of a journal, in as many segments as its run was resumed.
 * @param plan that of the start of the run
 * @param onEvent called with each event and the state after it
 * @param plans all plans of the run in the order in which they are stored; `run.continued` names the one that holds next
 */
export function replay(
  plan: Plan,
  options: RunOptions,
  events: Iterable<RunEvent>,
  onEvent?: (event: RunEvent, state: RunState) => void,
  plans: readonly Plan[] = [plan],
): RunState {
  let state = initialState(plan, options, plans);
  for (const event of events) {
    state = evolve(state, event);
    onEvent?.(event, state);
  }
  return state;
}
