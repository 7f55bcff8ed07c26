import type { EpochMs } from '../ids.ts';

/** What a task is expected to use while it runs; absent = unknown. */
export type TaskNeeds = {
  /** Busy cores. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
  readonly connections?: number;
};

/** Why fewer tasks may start than the limit of the run allows. */
export type CapacityCause =
  /** `used` and `limit` are shares of the memory. */
  | { readonly kind: 'memory'; readonly used: number; readonly limit: number }
  /** All three are shares of the cores; `others` is the part of `used` that other programs use. */
  | { readonly kind: 'cpu'; readonly used: number; readonly limit: number; readonly others: number }
  | {
      readonly kind: 'disk';
      readonly role: 'project' | 'logs' | 'database';
      readonly freeBytes: number;
      readonly floorBytes: number;
    };

/** What the tasks of a run may take of the machine, as judged from its samples. It changes by `capacity.changed` only. */
export type Capacity = {
  /** How many tasks may run at once; absent = as many as the limit of the run. */
  readonly tasks?: number;
  /** Tasks that need CPU start as long as the tasks that run need fewer cores than this together; absent = no limit. */
  readonly cpu?: number;
  /** What running tasks need together stays within this; absent = no limit. */
  readonly memoryBytes?: number;
  /** How many database connections the tasks of the run may hold; absent = as `RunOptions.connectionBudget`. */
  readonly connections?: number;
  /** What a task is taken for whose needs are unknown. */
  readonly unknown: { readonly cpu: number; readonly memoryBytes: number };
  readonly cause?: CapacityCause;
  /** When less was allowed than before, for the last time. */
  readonly loweredAt?: EpochMs;
};

/** What the tasks of a run compete for when the machine is overloaded. */
export type OverloadKind = 'connections' | 'deadlock' | 'lock-timeout' | 'memory';
