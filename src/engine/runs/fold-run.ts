import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { replay } from '../scheduler/state/replay.ts';
import type { StoredRun } from './read-run.ts';

/** The state of a stored run, under each of its plans in turn; `onEvent` is called with each event and the state after it. */
export function foldRun(
  { plans, options, events }: Pick<StoredRun, 'plans' | 'options' | 'events'>,
  onEvent?: (event: RunEvent, state: RunState) => void,
): RunState {
  return replay(plans[0], options, events, onEvent, plans);
}
