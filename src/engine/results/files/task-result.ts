import type { EpochMs, RunId, TaskId } from '../../model/ids.ts';
import { hostName } from '../../model/run/host-state.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome, type Outcome } from '../../model/run/task-state.ts';
import { entryAt, type TaskEntry } from '../../model/run/task-table.ts';
import type { WaitTimes } from '../../model/run/wait-times.ts';
import { lastPart } from '../../model/text/last-part.ts';
import { unreachable } from '../../model/unreachable.ts';
import { describeDecision } from '../causes/describe-decision.ts';
import { describeCause, describeNotNeeded, describeOutcome } from '../causes/describe-outcome.ts';
import { whyNotReused } from '../causes/describe-reuse.ts';
import { describeUnfinished } from '../causes/describe-unfinished.ts';
import { type RootCause, rootCausesOf } from '../causes/root-causes.ts';
import { type StaleResult, staleResult } from '../staleness.ts';
import { isoTime, seconds } from './time-format.ts';
import { type WaitSeconds, waitingSeconds } from './waiting-seconds.ts';

export type TaskStatus =
  | 'success'
  | 'failed'
  | 'timeout'
  | 'skipped'
  | 'not_needed'
  | 'reused'
  | 'upstream_failed'
  | 'cancelled';

/** One entry of `results` in a report. Fields that are unknown or do not apply are absent. */
export type TaskResult = {
  readonly task: TaskId;
  readonly status: TaskStatus;
  /** From the start of the first attempt to the end of the last, delays between them included; 0 = never started. */
  readonly duration_seconds: number;
  readonly attempts: number;
  /** The name of the host of the last attempt; absent when it ran on this machine. */
  readonly host?: string;
  /** The end of the last attempt's output. */
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not succeed, as a sentence; null when it succeeded, was skipped by a person or was not needed. */
  readonly error: string | null;
  /** Of a task that was not needed: how that was found out. */
  readonly not_needed?: string;
  /** Present when it failed and its author lets the run go on: its downstream ran, and the run has not failed because of it. */
  readonly tolerated?: true;
  /** Of a task that was reused: the run of its last success, and when that ended. */
  readonly reused?: { readonly run: RunId; readonly loaded_at: string };
  /** Why it ran although it might have been reused, as a clause. */
  readonly rerun_because?: string;
  /** Why it was not run: the first 10 root causes. */
  readonly root_causes?: readonly ResultCause[];
  readonly level?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly rows?: number;
  readonly rows_changed?: number;
  /** What stands in for its own work, as a note: the fallback's, or that its last good load does. */
  readonly degraded?: string;
  /** Present when its data is not up to date. */
  readonly stale?: StaleResult;
  /** For a task that succeeded after retries or is degraded, why its last failed attempt failed. */
  readonly last_failure?: string;
  /** What became of it when the run was last resumed: `reused`, or `re-run: its command changed`; absent when it was not resumed. */
  readonly resumed?: string;
  /** How long it waited before it ran, by cause. */
  readonly waiting_seconds?: WaitSeconds;
  /** Path of the last attempt's output. */
  readonly log?: string;
};

/** A failed or cancelled task, a check that failed or could not run, or what ended the run as a whole. */
export type ResultCause =
  | { readonly task: TaskId; readonly status: TaskStatus }
  | { readonly check: string; readonly status: 'fail' | 'error' }
  | { readonly run: 'cancelled' | 'time limit' | 'journal lost' };

const maxCauses = 10;

/** Access to the output of attempts, which is not part of the state. */
export type OutputLookup = {
  readonly tail: (task: TaskId, attempt: number) => { readonly stdout: string; readonly stderr: string };
  /** Undefined when the attempt printed nothing, and has no log. */
  readonly logPath: (task: TaskId, attempt: number) => string | undefined;
};

/** @param characters how much of each stream is kept, at most */
export function taskResult(
  state: RunState,
  index: number,
  output: OutputLookup,
  characters: number,
  waits?: WaitTimes,
): TaskResult {
  const { id, level } = state.plan.tasks[index]!.spec;
  const entry = entryAt(state.tasks, index);
  const tail = entry.attempts > 0 ? output.tail(id, entry.attempts) : { stdout: '', stderr: '' };
  const log = entry.attempts > 0 ? output.logPath(id, entry.attempts) : undefined;
  return {
    task: id,
    status: statusOf(entry),
    duration_seconds: seconds(durationMs(entry)),
    attempts: entry.attempts,
    ...(entry.host === undefined ? {} : { host: hostName(state.hosts, entry.host) }),
    stdout: lastPart(tail.stdout, characters),
    stderr: lastPart(tail.stderr, characters),
    error: errorOf(state, index, entry),
    ...(entry.state.kind === 'not-needed' ? { not_needed: describeNotNeeded(entry.state, state, index) } : {}),
    ...reuseOf(entry),
    ...causesOf(state, index),
    ...(level === undefined ? {} : { level }),
    ...(entry.startedAt === undefined ? {} : { started_at: isoTime(entry.startedAt) }),
    ...(entry.endedAt === undefined ? {} : { completed_at: isoTime(entry.endedAt) }),
    ...reported(entry),
    ...waitingSeconds(waits?.get(id)),
    ...(log === undefined ? {} : { log }),
  };
}

/** From the first start to the end; 0 for a task that never started or has no end. */
export function durationMs(entry: { readonly startedAt?: EpochMs; readonly endedAt?: EpochMs }): number {
  return entry.startedAt === undefined || entry.endedAt === undefined ? 0 : entry.endedAt - entry.startedAt;
}

const statuses: { readonly [kind in Outcome['kind']]: TaskStatus } = {
  succeeded: 'success',
  failed: 'failed',
  'timed-out': 'timeout',
  skipped: 'skipped',
  'not-needed': 'not_needed',
  reused: 'reused',
  'upstream-failed': 'upstream_failed',
  cancelled: 'cancelled',
};

/** A task without an outcome, in a run that was left unfinished, counts as cancelled. */
function statusOf({ state }: TaskEntry): TaskStatus {
  return isOutcome(state) ? statuses[state.kind] : 'cancelled';
}

function errorOf(state: RunState, index: number, { state: task }: TaskEntry): string | null {
  if (!isOutcome(task)) return describeUnfinished(state, index, task);
  if (task.kind === 'succeeded' || task.kind === 'not-needed' || task.kind === 'reused') return null;
  if (task.kind === 'skipped' && task.waited === undefined) return null;
  return describeOutcome(task, state, index);
}

function reuseOf({ state, changed }: TaskEntry): Pick<TaskResult, 'reused' | 'rerun_because'> {
  if (state.kind === 'reused') return { reused: { run: state.run, loaded_at: isoTime(state.at) } };
  return changed === undefined ? {} : { rerun_because: whyNotReused(changed) };
}

function causesOf(state: RunState, index: number): Pick<TaskResult, 'root_causes'> {
  const causes = rootCausesOf(state, index);
  return causes.length === 0 ? {} : { root_causes: causes.slice(0, maxCauses).map(resultCause) };
}

function resultCause(cause: RootCause): ResultCause {
  switch (cause.kind) {
    case 'task':
      return { task: cause.task, status: statuses[cause.how] };
    case 'check':
      return { check: cause.check, status: cause.verdict };
    case 'run-cancelled':
      return { run: 'cancelled' };
    case 'run-limit':
      return { run: 'time limit' };
    case 'journal-lost':
      return { run: 'journal lost' };
    default:
      return unreachable(cause);
  }
}

function reported({ state, report, lastFailure, stale, resumed }: TaskEntry): Partial<TaskResult> {
  const succeeded = state.kind === 'succeeded';
  const failure = succeeded ? (state.cause ?? lastFailure) : undefined;
  return {
    ...(report?.rows === undefined ? {} : { rows: report.rows }),
    ...(report?.rowsChanged === undefined ? {} : { rows_changed: report.rowsChanged }),
    ...(succeeded && state.degraded !== undefined ? { degraded: state.degraded } : {}),
    ...('tolerated' in state && state.tolerated ? { tolerated: true as const } : {}),
    ...staleResult(stale),
    ...(failure === undefined ? {} : { last_failure: describeCause(failure) }),
    ...(resumed === undefined ? {} : { resumed: describeDecision(resumed) }),
  };
}
