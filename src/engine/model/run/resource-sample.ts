import type { EpochMs, TaskId } from '../ids.ts';

/** What the machine and the tasks of a run used at one moment. */
export type ResourceSample = {
  readonly at: EpochMs;
  /** Since the previous sample; 0 to 1 of the machine, or of the container's limit. */
  readonly cpu: number;
  /** 0 to 1 of the machine, or of the container's limit. */
  readonly memory: number;
  readonly memoryBytes: number;
  /** Open sessions of the database and its limit for clients; absent when the run uses no database, or it does not respond. */
  readonly connections?: { readonly used: number; readonly limit: number };
  /** By running task, all processes of its group together; empty where the platform cannot tell them apart. */
  readonly tasks: ReadonlyMap<TaskId, TaskUsage>;
};

export type TaskUsage = {
  /** Busy cores since the previous sample. */
  readonly cpu: number;
  /** Memory shared between its processes counts once for each of them. */
  readonly memoryBytes: number;
};
