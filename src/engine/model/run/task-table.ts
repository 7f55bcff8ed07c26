import type { EpochMs, HostId } from '../ids.ts';
import type { ResumeDecision } from './resume-decision.ts';
import type { ReuseChange } from './reuse.ts';
import type { DrainReason } from './run-event.ts';
import type { Staleness } from './staleness.ts';
import type { FailureCause, TaskReport, TaskState } from './task-state.ts';

/** Everything that the state of a run holds about one task. */
export type TaskEntry = {
  readonly state: TaskState;
  /** Attempts started so far in this run; a reset does not set it back. */
  readonly attempts: number;
  /** Failed attempts that count against the retry policy: those since the run began or the operator last reran the task. */
  readonly failures: number;
  /** Attempts since its last own failure in which the machine failed and not the task; see `isInfraFailure`. */
  readonly infraFailures: number;
  /** Where its latest attempt ran or runs; absent = on this machine. */
  readonly host?: HostId;
  /** The names of the hosts with which attempts of it were lost since the run began or it was last rerun, one for each. */
  readonly lostOn?: readonly string[];
  /** Why the latest attempt that was followed by a back-off failed. */
  readonly lastFailure?: FailureCause;
  /** Whether all that had to hold before its first attempt does, so that further ones are made without asking. */
  readonly isMet?: true;
  /** Why it runs, or has run, although it might have been reused. */
  readonly changed?: ReuseChange;
  /** Whether its further attempts start only while nothing else runs. */
  readonly alone?: true;
  /** Start of the first attempt since the run began or was last resumed, or since the last reset. */
  readonly startedAt?: EpochMs;
  readonly endedAt?: EpochMs;
  /** Why the run drained, when the task was cancelled with it. */
  readonly drained?: DrainReason;
  /** Whether it was reset before; something downstream of it may have succeeded then. */
  readonly isRerun?: true;
  /** Of a teardown: an attempt of it was made since its setup last started, in whatever process and before whatever reset. */
  readonly tookDown?: true;
  /**
   * Whether its data was not up to date when it was reset, because it was stale, or its work was not done; until it succeeds.
   */
  readonly isOwed?: true;
  /** Set when it has succeeded with data that is not up to date, or that is not any more. */
  readonly stale?: Staleness;
  /** When it last succeeded in this run, with data of that time; a reset keeps it. */
  readonly lastGood?: EpochMs;
  /** What became of it when the run was last resumed; absent when it was not, or the task just went on. */
  readonly resumed?: ResumeDecision;
  /** What the latest attempt reported; later reports overwrite the fields of earlier ones. */
  readonly report?: TaskReport;
};

const chunkSize = 64;

/**
 * An immutable array of entries with structural sharing: a change copies one chunk and the list of chunks, so that an
 * event of a run with ten thousand tasks does not copy ten thousand entries.
 */
export type TaskTable = { readonly length: number; readonly chunks: readonly (readonly TaskEntry[])[] };

export function createTable(length: number, entry: (index: number) => TaskEntry): TaskTable {
  const chunks: TaskEntry[][] = [];
  for (let index = 0; index < length; index += 1) {
    if (index % chunkSize === 0) chunks.push([]);
    chunks[chunks.length - 1]!.push(entry(index));
  }
  return { length, chunks };
}

/** The entry at `index`; an index outside the table is a bug. */
export function entryAt(table: TaskTable, index: number): TaskEntry {
  return table.chunks[Math.floor(index / chunkSize)]![index % chunkSize]!;
}

export function withEntry(table: TaskTable, index: number, entry: TaskEntry): TaskTable {
  const at = Math.floor(index / chunkSize);
  const chunk = table.chunks[at]!.slice();
  chunk[index % chunkSize] = entry;
  const chunks = table.chunks.slice();
  chunks[at] = chunk;
  return { length: table.length, chunks };
}

/** Applies `change` to several entries; each chunk is copied at most once. */
export function mapEntries(
  table: TaskTable,
  indices: readonly number[],
  change: (entry: TaskEntry) => TaskEntry,
): TaskTable {
  const copies = new Map<number, TaskEntry[]>();
  for (const index of indices) {
    const entry = entryAt(table, index);
    const changed = change(entry);
    if (changed === entry) continue;
    const at = Math.floor(index / chunkSize);
    const copy = copies.get(at) ?? table.chunks[at]!.slice();
    copy[index % chunkSize] = changed;
    copies.set(at, copy);
  }
  if (copies.size === 0) return table;
  const chunks = table.chunks.slice();
  for (const [at, copy] of copies) chunks[at] = copy;
  return { length: table.length, chunks };
}
