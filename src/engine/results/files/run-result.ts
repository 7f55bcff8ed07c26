import type { EpochMs, LevelId } from '../../model/ids.ts';
import type { RunStatus } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { hasFailed } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { type Away, awayBetween } from '../../model/run/time-away.ts';
import type { WaitTimes } from '../../model/run/wait-times.ts';
import { type ExitVerdict, exitVerdict } from '../causes/exit-verdict.ts';
import type { SlaJudgement } from '../slas/sla-judgement.ts';
import type { Regression } from '../trends/regression.ts';
import { type CheckCounts, countChecks } from './consistency-report.ts';
import { type OutputLookup, type TaskResult, type TaskStatus, taskResult } from './task-result.ts';
import { isoTime, seconds } from './time-format.ts';
import { type WaitSeconds, waitingSecondsOfRun } from './waiting-seconds.ts';

/** The fields that the results of a run and its performance record share. */
export type RunSummary = {
  readonly run_id: string;
  readonly pipeline: string;
  readonly plan_hash: string;
  readonly status: RunStatus;
  /** Distinguishes wrong data (`check-failed`) from failed tasks, like the exit code. */
  readonly verdict: ExitVerdict;
  /** The level of the task that failed first. */
  readonly failed_level?: LevelId;
  readonly sequential: boolean;
  readonly max_parallel: number;
  /** The names of the hosts that were there; absent when its tasks ran on this machine. */
  readonly hosts?: readonly string[];
  readonly started_at: string;
  readonly completed_at: string;
  /** Without the time in which no process carried it out. */
  readonly total_duration_seconds: number;
  /** Present when the run was ended because it reached this limit. */
  readonly run_limit_seconds?: number;
  /** How often the run was resumed; absent when it was not. */
  readonly resumed?: number;
  /** The times in which no process carried it out; absent when it was not resumed. */
  readonly away?: readonly { readonly from: string; readonly to: string }[];
  /** How the run stood to its SLAs at its end, and the names of those that it missed; absent when there are none. */
  readonly slas?: readonly SlaJudgement[];
  readonly missed_slas?: readonly string[];
  /** What has become slower than in earlier runs; absent when nothing has. */
  readonly regressions?: readonly Regression[];
};

/** The content of `parallel_run_<run-id>.json`. */
export type RunResult = RunSummary & {
  readonly summary: { readonly tasks: number } & {
    readonly [status in Exclude<TaskStatus, 'not_needed' | 'reused'>]: number;
  } & {
    /** Absent when every task was needed. */
    readonly not_needed?: number;
    /** Tasks that failed or timed out, and are counted there too, whose author lets the run go on; absent without any. */
    readonly tolerated?: number;
    /** Absent when none was. */
    readonly reused?: number;
    /** Tasks that succeeded by their fallback or their last good load. */
    readonly degraded: number;
    /** Tasks whose data is not up to date because of others; degraded ones are not counted again. */
    readonly stale: number;
    readonly attempts: number;
  };
  readonly checks: CheckCounts;
  /** How long the tasks waited before they ran, together, by cause. */
  readonly waiting_seconds?: WaitSeconds;
  /** In the order of the pipeline. */
  readonly results: readonly TaskResult[];
};

const outputCharacters = 1000;

/** @param now the end, for a run that was left unfinished */
export function runResult(state: RunState, output: OutputLookup, now: EpochMs, waits?: WaitTimes): RunResult {
  const results = state.plan.tasks.map(({ index }) => taskResult(state, index, output, outputCharacters, waits));
  return {
    ...runSummary(state, now),
    summary: countTasks(results),
    checks: countChecks(state),
    ...(waits === undefined ? {} : waitingSecondsOfRun(waits)),
    results,
  };
}

export function runSummary(state: RunState, now: EpochMs): RunSummary {
  const completedAt = state.finishedAt ?? now;
  const startedAt = state.startedAt ?? completedAt;
  const failedLevel = findFailedLevel(state);
  return {
    run_id: state.options.run,
    pipeline: state.plan.pipeline.name,
    plan_hash: state.plan.hash,
    status: statusOf(state),
    verdict: exitVerdict(state),
    ...(failedLevel === undefined ? {} : { failed_level: failedLevel }),
    sequential: state.options.sequential,
    max_parallel: state.maxParallel,
    ...(state.hosts === undefined ? {} : { hosts: [...new Set(state.hosts.map(({ name }) => name))] }),
    started_at: isoTime(startedAt),
    completed_at: isoTime(completedAt),
    total_duration_seconds: seconds(completedAt - startedAt - awayBetween(state.away, startedAt, completedAt)),
    ...limitOf(state),
    ...(state.continued === undefined ? {} : { resumed: state.continued.times }),
    ...(state.away === undefined ? {} : { away: state.away.map(timesOf) }),
  };
}

function timesOf({ from, to }: Away): NonNullable<RunSummary['away']>[number] {
  return { from: isoTime(from), to: isoTime(to) };
}

function limitOf({ phase }: RunState): Pick<RunSummary, 'run_limit_seconds'> {
  const reason = phase.kind === 'finished' || phase.kind === 'draining' ? phase.reason : undefined;
  return reason?.kind === 'run-limit' ? { run_limit_seconds: seconds(reason.afterMs) } : {};
}

/** A run that was left unfinished counts as failed. */
function statusOf({ phase }: RunState): RunStatus {
  if (phase.kind === 'finished') return phase.status;
  return phase.kind === 'draining' && phase.reason.kind === 'cancelled' ? 'cancelled' : 'failed';
}

function findFailedLevel(state: RunState): LevelId | undefined {
  let found: LevelId | undefined;
  let earliest = Number.POSITIVE_INFINITY;
  for (const { index, spec } of state.plan.tasks) {
    const { state: task, endedAt = 0 } = entryAt(state.tasks, index);
    if (spec.level === undefined || !hasFailed(task)) continue;
    if (endedAt < earliest) [earliest, found] = [endedAt, spec.level];
  }
  return found;
}

function countTasks(results: readonly TaskResult[]): RunResult['summary'] {
  const counts = { tasks: results.length, success: 0, failed: 0, timeout: 0, skipped: 0, upstream_failed: 0 };
  const all = { ...counts, not_needed: 0, reused: 0, cancelled: 0, tolerated: 0, degraded: 0, stale: 0, attempts: 0 };
  for (const { status, tolerated, degraded, stale, attempts } of results) {
    all[status] += 1;
    all.attempts += attempts;
    if (tolerated) all.tolerated += 1;
    if (degraded !== undefined) all.degraded += 1;
    else if (stale !== undefined) all.stale += 1;
  }
  const { not_needed, reused, tolerated, ...usual } = all;
  const rare = Object.entries({ not_needed, reused, tolerated }).filter(([, count]) => count > 0);
  return { ...usual, ...Object.fromEntries(rare) };
}
