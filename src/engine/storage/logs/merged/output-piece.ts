import type { EpochMs, TaskId } from '../../../model/ids.ts';
import type { LogPart } from '../log-parts.ts';
import type { OutputStamp } from '../stamps/output-stamp.ts';

/** The output of one attempt, as one of several that are read together. */
export type OutputSource = {
  readonly task: TaskId;
  readonly attempt: number;
  /** The head file of its log. */
  readonly path: string;
  /** When its lines count as printed where that is not stored. */
  readonly startedAt: EpochMs;
  /** Nothing more comes; may become true at any time. */
  readonly isOver: boolean;
};

/** Lines of one output that ended within one stretch of a stamp. */
export type OutputPiece = {
  readonly source: OutputSource;
  /** By which pieces of several outputs are put in order. */
  readonly at: EpochMs;
  readonly stamp?: OutputStamp;
  readonly lines: readonly string[];
  /** Where they are stored; absent for a line that says what is missing. */
  readonly stored?: StoredBytes;
};

/** Bytes of a log, counted from the beginning of the file. */
export type StoredBytes = { readonly part: LogPart; readonly start: number; readonly end: number };
