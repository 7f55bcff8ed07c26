import type { EpochMs } from '../ids.ts';
import type { Plan, RunOptions } from '../pipeline/plan.ts';
import type { Capacity, OverloadKind } from './capacity.ts';
import type { CheckResult } from './check-result.ts';
import type { HostState } from './host-state.ts';
import type { IndexSet } from './index-set.ts';
import type { DrainReason, RunStatus } from './run-event.ts';
import type { TaskTable } from './task-table.ts';
import type { Away } from './time-away.ts';

export type RunPhase =
  | { readonly kind: 'planned' }
  | { readonly kind: 'running' }
  /** Running tasks finish or are being terminated; nothing new starts. */
  | { readonly kind: 'draining'; readonly reason: DrainReason }
  | { readonly kind: 'finished'; readonly status: RunStatus; readonly reason?: DrainReason };

export type CheckState =
  | { readonly kind: 'waiting' }
  /** `outdated`: one of its tasks was reset meanwhile, so its result will be discarded. */
  | { readonly kind: 'running'; readonly attempt: number; readonly outdated?: true }
  /** `attempt` is the one that will start at `retryAt`; `result` is the error of the one before. */
  | { readonly kind: 'backing-off'; readonly attempt: number; readonly retryAt: EpochMs; readonly result: CheckResult }
  | { readonly kind: 'done'; readonly result: CheckResult };

/**
 * Tasks grouped by what they need: the same pools, connections, memory, and whether they need CPU. When one task of a class cannot
 * start, no other of the class can, so a thousand tasks that wait for one full pool are skipped in one step.
 */
export type DemandClasses = {
  /** The class of the task at each place of the queue. */
  readonly ofPlace: Int32Array;
  /** The queue places of each class. */
  readonly members: readonly IndexSet[];
};

/** What a running task is counted with, known or estimated. */
export type ReservedNeeds = { readonly cpu: number; readonly memoryBytes: number };

/** How the run copes with failures for lack of something that its tasks compete for. */
export type OverloadState = {
  /** How many tasks may run at once since the run stepped down; absent = it has not. */
  readonly maxParallel?: number;
  readonly steppedAt?: EpochMs;
  /** What made it step down last, as long as `maxParallel` is given. */
  readonly because?: OverloadKind;
  /** Such failures since the last step, of attempts that started after it. */
  readonly failures: number;
  /** Successes since the last step or the last such failure. */
  readonly successes: number;
};

/** The state of a run: the fold of its events over its plan. Immutable. */
export type RunState = {
  /** The plan that holds now. */
  readonly plan: Plan;
  /** All plans that events of the run name, or will: `plans[0]` is that of its start; see `RunContinued`. */
  readonly plans: readonly Plan[];
  readonly options: RunOptions;
  /** By task index, its place in the queue for slots: its rank, or in a sequential run its place in topological order. */
  readonly queuePlace: Int32Array;
  /** The inverse of `queuePlace`. */
  readonly queueOrder: readonly number[];
  readonly demandClasses: DemandClasses;
  /** By task index: the checks that wait for the task, and the gates that the task waits for, as indices of `plan.checks`. */
  readonly checksAfter: readonly (readonly number[])[];
  readonly gatesOn: readonly (readonly number[])[];
  readonly phase: RunPhase;
  readonly paused: boolean;
  readonly maxParallel: number;
  /** Absent as long as nothing is known of the machine. */
  readonly capacity?: Capacity;
  /** All hosts that the run has seen, in that order, also those that are gone; absent = tasks run on this machine. */
  readonly hosts?: readonly HostState[];
  /** What each running task is counted with against `capacity` or its host, by task index; empty without both. */
  readonly reserved: ReadonlyMap<number, ReservedNeeds>;
  readonly overload: OverloadState;
  readonly startedAt?: EpochMs;
  readonly finishedAt?: EpochMs;
  /** Since when it goes on: its start, its last continuation by another process, or the last time that it was reopened. */
  readonly activeSince?: EpochMs;
  /** How often another process has carried on with it, and since when the last one does; absent when none has. */
  readonly continued?: { readonly times: number; readonly at: EpochMs };
  /** The times in which no process carried it out; absent when there were none. */
  readonly away?: readonly Away[];
  readonly tasks: TaskTable;
  /** Queue places of the tasks that are ready. */
  readonly ready: IndexSet;
  readonly running: number;
  readonly backingOff: number;
  /** How many tasks wait for something outside the run, and how many are asked whether they are needed. */
  readonly awaiting: number;
  readonly asking: number;
  /** How many running tasks run alone, and how many ready ones wait for that. */
  readonly runningAlone: number;
  readonly readyAlone: number;
  /** How many tasks have no outcome yet, and how many of these run at the end (`PlannedTask.end`). */
  readonly open: number;
  readonly openEnds: number;
  /** Slots in use by pool. */
  readonly poolUse: ReadonlyMap<string, number>;
  /** Connections declared by the running tasks together. */
  readonly connectionUse: number;
  /** How many checks are running that ask the database. */
  readonly askingChecks: number;
  /** By index of `plan.checks`. */
  readonly checks: readonly CheckState[];
};
