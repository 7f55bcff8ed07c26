import { ownValue } from '../../model/own-value.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** After how many ms an attempt of the task is ended; a fallback is another program than the one that was learned from. */
export function timeoutOf({ plan, options }: RunState, index: number, fallback: boolean): number {
  const { id, timeoutMs } = plan.tasks[index]!.spec;
  return (fallback ? undefined : ownValue(options.timeoutsMs, id)) ?? timeoutMs;
}
