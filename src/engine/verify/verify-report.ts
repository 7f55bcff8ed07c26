import type { LeftOutColumn, TableDifference } from '../database/compare/table-content.ts';
import type { TaskId } from '../model/ids.ts';

/**
 * What is proved, each against the reference, a run of one task after the other:
 * - `parallel`: all tasks of the pipeline, as parallel as it allows
 * - `order`: one after the other, with independent tasks in the opposite order
 * - `twice`: a task is run a second time
 * - `killed`: a task is killed at random moments, and then run to its end
 */
export type Proof = 'parallel' | 'order' | 'twice' | 'killed';

/** How a task ended that should have succeeded; texts are masked. */
export type TaskFailure = {
  readonly task: TaskId;
  /** `exit code 1`, `timed out after 5s`. */
  readonly reason: string;
  /** The last lines that it printed. */
  readonly output: string;
};

/** A file that a task declares as its output. */
export type FileDifference = {
  readonly kind: 'file';
  /** Relative to the project. */
  readonly path: string;
  readonly how: 'missing' | 'added' | 'other';
  /** The first line that differs, counted from 1; absent for a file that is large or no text. */
  readonly line?: number;
};

export type Difference = TableDifference | FileDifference;

/** A proof that failed. */
export type Finding = {
  readonly proof: Proof;
  /** Of `twice` and `killed`, the task. Of the others, those that write what differs; empty when that is not known. */
  readonly tasks: readonly TaskId[];
  /** Of `parallel` and `order`: tasks that no dependency puts before or after those, and that may be why. */
  readonly suspects: readonly TaskId[];
  readonly cause:
    | { readonly kind: 'differs'; readonly difference: Difference }
    | { readonly kind: 'task-failed'; readonly failure: TaskFailure };
  /** Of `parallel` and `order`: tables and files that differ as well, and that are made of this one. */
  readonly follows: readonly string[];
};

export type TaskProof = {
  readonly task: TaskId;
  /** How long it took alone. */
  readonly durationMs: number;
  /** Tables and files that it changed when it ran alone. */
  readonly writes: readonly string[];
  readonly twice: 'same' | 'differs' | 'failed' | 'not-tried';
  readonly killed: {
    /** `unclear`: a kill came too late, and the task does not bear to be run twice, so that nothing can be said of kills. */
    readonly result: 'same' | 'differs' | 'failed' | 'not-tried' | 'unclear';
    /** At which moments of its work, in ms. */
    readonly atMs: readonly number[];
    /** How many kills came when it had ended already. */
    readonly tooLate: number;
  };
};

export type VerifyReport = {
  readonly pipeline: string;
  /** For messages, without secrets. */
  readonly server: string;
  readonly seed: number;
  readonly durationMs: number;
  /** Those that were carried out to their end; the others were left out, or were not reached. */
  readonly proofs: readonly Proof[];
  /** `stopped`: by a signal. `failed`: a task failed when it ran alone, in an empty database. */
  readonly end: 'complete' | 'stopped' | { readonly failed: TaskFailure };
  readonly tasks: readonly TaskProof[];
  readonly findings: readonly Finding[];
  /** Tasks of which a fallback did the work. */
  readonly degraded: readonly TaskId[];
  readonly leftOut: readonly LeftOutColumn[];
  /** Patterns of `ignore` that name no column of any table. */
  readonly unused: readonly string[];
  readonly tables: number;
  /** Pairs of independent tasks, and how many of them ran in both orders. */
  readonly pairs: { readonly independent: number; readonly bothOrders: number };
  /** What is kept, when that was asked for. */
  readonly kept: { readonly databases: readonly string[]; readonly directory?: string };
};

/** Told as the work goes on. */
export type VerifyStep =
  | { readonly kind: 'begun'; readonly server: string; readonly tasks: number; readonly proofs: readonly Proof[] }
  | { readonly kind: 'ran-parallel'; readonly durationMs: number; readonly ok: boolean }
  | { readonly kind: 'tried-task'; readonly proof: TaskProof; readonly at: number; readonly of: number }
  | { readonly kind: 'ran-other-order'; readonly durationMs: number; readonly ok: boolean }
  /** Something that takes long begins. */
  | { readonly kind: 'doing'; readonly text: string };
