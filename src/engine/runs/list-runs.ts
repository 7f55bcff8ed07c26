import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId } from '../model/ids.ts';
import type { CheckVerdict } from '../model/run/check-result.ts';
import type { RunStatus } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import type { TaskState } from '../model/run/task-state.ts';
import { hasFailed } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { awayBetween } from '../model/run/time-away.ts';
import { unreachable } from '../model/unreachable.ts';
import { type ExitVerdict, exitVerdict } from '../results/causes/exit-verdict.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import { isRunAlive, lastHeartbeat, wasInterrupted } from '../storage/runs/heartbeat.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { newestRuns } from '../storage/runs/stored-runs.ts';
import { foldRun } from './fold-run.ts';
import { type Interruption, interruptionOf } from './interruption.ts';
import { readRecord } from './past-performance.ts';
import { readRun, type StoredRun } from './read-run.ts';

/**
 * `running`: a process executes it now. `interrupted`: its process died before the end of the run.
 * `damaged`: its journal cannot be read to its end, so that its outcome is unknown. `unreadable`: the same, because a newer
 * version wrote it.
 */
export type StoredRunStatus = RunStatus | 'running' | 'interrupted' | 'damaged' | 'unreadable';

/** One line of a list of runs. */
export type RunListing = {
  readonly run: RunId;
  readonly status: StoredRunStatus;
  /** Absent, like all that follows, when nothing of the run can be read any more. */
  readonly pipeline?: string;
  readonly startedAt?: EpochMs;
  /** Up to its end; to its last heartbeat when it was interrupted, to now when it runs. */
  readonly durationMs?: number;
  readonly tasks?: number;
  /** Tasks that failed or timed out. */
  readonly failed?: number;
  /** Tasks that failed or timed out and whose author lets the run go on. */
  readonly tolerated?: number;
  /** Tasks whose work a fallback did, or whose last good load stands in. */
  readonly degraded?: number;
  /** Tasks whose data is stale because of others. */
  readonly stale?: number;
  /** Checks that failed or had an error, and that warned; absent when nothing is known of them. */
  readonly checksFailed?: number;
  readonly checksWarned?: number;
  readonly missedSlas?: number;
  /** Distinguishes wrong data from failed tasks; absent unless it has ended. */
  readonly verdict?: ExitVerdict;
  /** See `PerformanceRecord`; only of runs with a record. */
  readonly speedup?: number;
  /** Present when it was interrupted, and had begun. */
  readonly interruption?: Interruption;
  /** Where its journal is damaged. */
  readonly damage?: Diagnostic;
  /** What a newer etl-tui told in its journal, and is passed over. */
  readonly newer?: Diagnostic;
};

/** The last `most` runs of a log directory, newest last. */
export async function listRuns(logDir: string, most: number, now: EpochMs): Promise<readonly RunListing[]> {
  const runs: RunId[] = [];
  for await (const run of newestRuns(logDir)) if (runs.push(run) === most) break;
  return Promise.all(runs.reverse().map((run) => listRun(logDir, run, now)));
}

async function listRun(logDir: string, run: RunId, now: EpochMs): Promise<RunListing> {
  const paths = runPaths(logDir, run);
  const isRunning = isRunAlive(paths.directory);
  // A run that was reopened and then interrupted has the record of its earlier end.
  const record = isRunning || wasInterrupted(paths.directory) ? undefined : await readRecord(paths.performance);
  if (record !== undefined) return fromRecord(run, record);
  const stored = readRun(logDir, run);
  if (!stored.ok) {
    const { error } = stored;
    if (error.code === 'run/damaged-journal') return { run, status: 'damaged', damage: error };
    if (error.code === 'run/newer-journal') return { run, status: 'unreadable', damage: error };
    return { run, status: isRunning ? 'running' : 'interrupted' };
  }
  const { damage, newer } = stored.value;
  const status = isRunning ? 'running' : statusOf(stored.value);
  const until = lastSeen(stored.value, status, now);
  const state = foldRun(stored.value);
  return {
    run,
    status,
    ...fromState(state, stored.value.events[0]!.at, until),
    ...(status === 'interrupted' ? { interruption: interruptionOf(state, until) } : {}),
    ...(damage === undefined ? {} : { damage }),
    ...(newer === undefined ? {} : { newer }),
  };
}

/** The last moment at which the run is known to have been under way. */
export function lastSeen({ events, paths }: StoredRun, status: StoredRunStatus, now: EpochMs): EpochMs {
  const last = events[events.length - 1]?.at ?? now;
  switch (status) {
    case 'running':
      return Math.max(last, now) as EpochMs;
    case 'interrupted':
      return Math.max(last, Math.round(lastHeartbeat(paths.directory) ?? last)) as EpochMs;
    case 'success':
    case 'failed':
    case 'cancelled':
    case 'damaged':
    case 'unreadable':
      return last;
    default:
      return unreachable(status);
  }
}

/** Whether a run of this status has results. */
export function hasEnded(status: StoredRunStatus): boolean {
  return status === 'success' || status === 'failed' || status === 'cancelled';
}

/** The status of a run without a live process and without a result. */
export function statusOf({
  events,
  damage,
  isTruncated,
}: Pick<StoredRun, 'events' | 'damage' | 'isTruncated'>): StoredRunStatus {
  if (damage?.code === 'run/newer-journal') return 'unreadable';
  if (damage !== undefined && isTruncated !== true) return 'damaged';
  const end = events.findLast(
    ({ type }) => type === 'run.finished' || type === 'run.reopened' || type === 'run.continued',
  );
  return end?.type === 'run.finished' ? end.status : 'interrupted';
}

function fromRecord(run: RunId, record: PerformanceRecord): RunListing {
  const { pipeline, status, verdict, started_at, total_duration_seconds: took, speedup, results } = record;
  const { checks, missed_slas } = record;
  return {
    run,
    status,
    pipeline,
    startedAt: Date.parse(started_at) as EpochMs,
    durationMs: took * 1000,
    tasks: results.length,
    failed: results.filter((one) => (one.status === 'failed' || one.status === 'timeout') && !one.tolerated).length,
    tolerated: results.filter((one) => one.tolerated).length,
    degraded: results.filter(({ degraded }) => degraded !== undefined).length,
    stale: results.filter(({ stale, degraded }) => stale !== undefined && degraded === undefined).length,
    ...(checks === undefined ? {} : countsOf(checks.map((check) => check.status))),
    ...(missed_slas === undefined ? {} : { missedSlas: missed_slas.length }),
    // Records of earlier versions have none.
    ...(verdict === undefined ? {} : { verdict }),
    ...(speedup === undefined ? {} : { speedup }),
  };
}

function countsOf(verdicts: readonly CheckVerdict[]): Pick<RunListing, 'checksFailed' | 'checksWarned'> {
  return {
    checksFailed: verdicts.filter((verdict) => verdict === 'fail' || verdict === 'error').length,
    checksWarned: verdicts.filter((verdict) => verdict === 'warn').length,
  };
}

function fromState(state: RunState, startedAt: EpochMs, until: EpochMs): Omit<RunListing, 'run' | 'status'> {
  const { plan, tasks, checks, phase } = state;
  const stateOf = (index: number) => entryAt(tasks, index).state;
  return {
    pipeline: plan.pipeline.name,
    startedAt,
    durationMs: until - startedAt - awayBetween(state.away, startedAt, until),
    tasks: plan.tasks.length,
    failed: plan.tasks.filter(({ index }) => hasFailed(stateOf(index))).length,
    tolerated: plan.tasks.filter(({ index }) => isTolerated(stateOf(index))).length,
    degraded: plan.tasks.filter(({ index }) => 'degraded' in stateOf(index)).length,
    stale: plan.tasks.filter(({ index }) => entryAt(tasks, index).stale && !('degraded' in stateOf(index))).length,
    ...countsOf(checks.flatMap((check) => (check.kind === 'done' ? [check.result.verdict] : []))),
    ...(phase.kind === 'finished' ? { verdict: exitVerdict(state) } : {}),
  };
}

function isTolerated(state: TaskState): boolean {
  return 'tolerated' in state && state.tolerated === true;
}
