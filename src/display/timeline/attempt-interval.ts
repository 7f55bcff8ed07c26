import type { FailureCause, HostId } from '../../engine/index.ts';
import type { Condition } from '../states/task-display.ts';

/** A period of a task: an attempt, or the wait before one. */
export type AttemptInterval = {
  /** Index in the plan. */
  readonly task: number;
  readonly attempt: number;
  readonly startedAt: number;
  /** Absent while it lasts. */
  readonly endedAt?: number;
  /** How the attempt ended; `running` while it lasts. `waiting`: ready without a slot, or between two attempts. */
  readonly kind: Condition;
  readonly cause?: FailureCause;
  /** Where the attempt runs or ran; absent = on this machine. */
  readonly host?: HostId;
};

/** The intervals of one task, in order of time. */
export type TaskIntervals = { readonly task: number; readonly intervals: readonly AttemptInterval[] };
