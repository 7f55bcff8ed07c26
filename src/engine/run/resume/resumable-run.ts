import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId } from '../../model/ids.ts';
import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';

/** A stored run with which another process may carry on, as its journal tells. */
export type ResumableRun = {
  readonly run: RunId;
  /** See `StoredRun`. */
  readonly plans: readonly [Plan, ...Plan[]];
  /** With which it was started. */
  readonly options: RunOptions;
  readonly events: readonly RunEvent[];
  /** What the events give. */
  readonly state: RunState;
  /** When its process was last known to be alive; of a run that has ended, its end. */
  readonly stoppedAt: EpochMs;
  /** What is wrong with the end of its journal, when that is incomplete. */
  readonly damage?: Diagnostic;
};
