import type { EpochMs, TaskId } from '../ids.ts';

/** What the machine and the tasks of a run used at one moment. What cannot be measured is absent. */
export type ResourceSample = {
  readonly at: EpochMs;
  /** Since the previous sample; 0 to 1 of the machine, or of the container's limit. */
  readonly cpu: number;
  /** 0 to 1 of the machine, or of the container's limit. */
  readonly memory: number;
  readonly memoryBytes: number;
  /** Of the machine, or the container's limit. */
  readonly cores: number;
  /** The memory of the machine, or the container's limit. */
  readonly memoryLimitBytes: number;
  /** What this program, its slots and its tasks used together, tasks that have ended included. */
  readonly ours?: {
    /** Busy cores since the previous sample. */
    readonly cpu: number;
    /** CPU time and duration of all attempts of the run so far. */
    readonly taskCpuSeconds: number;
    readonly taskSeconds: number;
  };
  /**
   * How many threads of other programs used a core or waited for one, on average of the last looks: what they want, where
   * `cpu` only says what they get. The servers of databases are not among them.
   */
  readonly othersRunnable?: number;
  /** Shares of time, 0 to 1, in which something waited for the resource, over the last ten seconds. */
  readonly pressure?: { readonly cpu?: number; readonly memory?: number; readonly io?: number };
  readonly disks?: readonly { readonly role: 'project' | 'logs' | 'database'; readonly freeBytes: number }[];
  /** Of all disks together, per second. */
  readonly diskRate?: { readonly readBytes: number; readonly writtenBytes: number };
  /** Open sessions of the database and its limit for clients; absent when the run uses no database, or it does not respond. */
  readonly connections?: {
    readonly used: number;
    readonly limit: number;
    /** Those of this run. */
    readonly ours?: number;
    readonly byTask?: ReadonlyMap<TaskId, number>;
  };
  /** How often the kernel has ended a process for lack of memory. */
  readonly oomKills?: number;
  /** By running task, all processes of its group together; empty where the platform cannot tell them apart. */
  readonly tasks: ReadonlyMap<TaskId, TaskUsage>;
};

export type TaskUsage = {
  /** Busy cores since the previous sample. */
  readonly cpu: number;
  /** CPU time of the attempt so far. */
  readonly cpuSeconds?: number;
  /** Memory shared between its processes counts once for each of them. */
  readonly memoryBytes: number;
  readonly processes?: number;
  /** Of all its processes that still run. */
  readonly readBytes?: number;
  readonly writtenBytes?: number;
};
