import { nextIndex } from '../../model/run/index-set.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** The first tasks that are ready, at most `max`, in the order in which they start. */
export function readyTasks({ ready, queueOrder }: RunState, max: number): readonly number[] {
  const found: number[] = [];
  for (
    let place = nextIndex(ready, 0);
    place !== undefined && found.length < max;
    place = nextIndex(ready, place + 1)
  ) {
    found.push(queueOrder[place]!);
  }
  return found;
}
