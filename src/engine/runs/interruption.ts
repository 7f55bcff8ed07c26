import type { EpochMs, TaskId } from '../model/ids.ts';
import type { RunState } from '../model/run/run-state.ts';
import { isOutcome } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';

/** How far a run had come when its process died. */
export type Interruption = {
  /** The last sign of life of the process. */
  readonly lastAliveAt: EpochMs;
  /** The tasks that were running then. */
  readonly running: readonly TaskId[];
  /** How many had come to an end, good or not. */
  readonly done: number;
  /** Its pipeline file, as the run named it. */
  readonly file: string;
};

export function interruptionOf({ plan, tasks }: RunState, lastAliveAt: EpochMs): Interruption {
  const states = plan.tasks.map(({ index, spec }) => ({ id: spec.id, state: entryAt(tasks, index).state }));
  return {
    lastAliveAt,
    running: states.flatMap(({ id, state }) => (state.kind === 'running' ? [id] : [])),
    file: plan.pipeline.file,
    done: states.filter(({ state }) => isOutcome(state)).length,
  };
}
