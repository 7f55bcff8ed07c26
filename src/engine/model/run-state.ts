import type { CheckResult } from './check-result.ts';
import type { EpochMs } from './ids.ts';
import type { IndexSet } from './index-set.ts';
import type { Plan, RunOptions } from './plan.ts';
import type { DrainReason, RunStatus } from './run-event.ts';
import type { TaskTable } from './task-table.ts';

export type RunPhase =
  | { readonly kind: 'planned' }
  | { readonly kind: 'running' }
  /** What runs is allowed to finish, or is being ended; nothing new starts. */
  | { readonly kind: 'draining'; readonly reason: DrainReason }
  | { readonly kind: 'finished'; readonly status: RunStatus; readonly reason?: DrainReason };

export type CheckState =
  | { readonly kind: 'waiting' }
  /** `outdated`: a task it looks at was reset meanwhile, so that its answer will not count. */
  | { readonly kind: 'running'; readonly outdated?: true }
  | { readonly kind: 'done'; readonly result: CheckResult };

/**
 * Tasks that need the same pools and as many connections are in one lane: when one of them has to wait, all have to. So
 * a thousand tasks before a full pool are passed by in one glance.
 */
export type DemandClasses = {
  /** The lane of the task at each place of the queue. */
  readonly ofPlace: Int32Array;
  /** The queue places in each lane. */
  readonly members: readonly IndexSet[];
};

/** The state of a run: the fold of its events over its plan. Immutable. */
export type RunState = {
  readonly plan: Plan;
  readonly options: RunOptions;
  /** A task's place in the queue for slots (by index): its rank, or in a sequential run its place in the dependency order. */
  readonly queuePlace: Int32Array;
  /** The inverse of `queuePlace`. */
  readonly queueOrder: readonly number[];
  readonly demandClasses: DemandClasses;
  /** By index of a task: the checks that wait for it, and the gates that hold it back, as indices of `plan.checks`. */
  readonly checksAfter: readonly (readonly number[])[];
  readonly gatesOn: readonly (readonly number[])[];
  readonly phase: RunPhase;
  readonly paused: boolean;
  readonly maxParallel: number;
  readonly startedAt?: EpochMs;
  readonly finishedAt?: EpochMs;
  readonly tasks: TaskTable;
  /** Queue places of the tasks that are ready. */
  readonly ready: IndexSet;
  readonly running: number;
  readonly backingOff: number;
  /** Tasks without an outcome. */
  readonly open: number;
  /** Slots in use by pool. */
  readonly poolUse: ReadonlyMap<string, number>;
  /** Database connections that running tasks declared. */
  readonly connectionUse: number;
  /** By index of `plan.checks`. */
  readonly checks: readonly CheckState[];
};
