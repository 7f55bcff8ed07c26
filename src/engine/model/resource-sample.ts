import type { EpochMs, TaskId } from './ids.ts';

/** What the machine and the tasks of a run used at one moment. */
export type ResourceSample = {
  readonly at: EpochMs;
  /** Since the sample before, 0 to 1: of the whole machine, or of what a container may use. */
  readonly cpu: number;
  /** 0 to 1: of the whole machine, or of what a container may use. */
  readonly memory: number;
  readonly memoryBytes: number;
  /** Sessions open in the database, and how many clients may hold at once; absent when no database is in play, or it does not answer. */
  readonly connections?: { readonly used: number; readonly limit: number };
  /** Running tasks, each with all processes of its group; empty where they cannot be told apart. */
  readonly tasks: ReadonlyMap<TaskId, TaskUsage>;
};

export type TaskUsage = {
  /** Cores kept busy since the sample before. */
  readonly cpu: number;
  /** Memory that its processes share with each other counts for each of them. */
  readonly memoryBytes: number;
};
