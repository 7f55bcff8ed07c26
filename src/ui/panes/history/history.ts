import { findRegressions, type PerformanceRecord, type Regression, type TaskId } from '../../../engine/index.ts';
import { type CheckHistories, checkHistories } from '../checks/check-history.ts';
import { medianOf } from './median-of.ts';
import type { TaskTrend } from './trend-lines.ts';

/** A stored run. */
export type PastRun = {
  readonly run: string;
  readonly status: PerformanceRecord['status'];
  /** Absent in old records. */
  readonly verdict?: PerformanceRecord['verdict'];
  readonly completedAt: number;
  readonly durationMs: number;
  /** Tasks that failed or timed out. */
  readonly failed: number;
  /** Tasks whose work a fallback did. */
  readonly degraded: number;
  /** Checks that failed or had an error, and that warned; absent when nothing is known of the checks. */
  readonly failedChecks?: number;
  readonly warned?: number;
  readonly missedSlas?: number;
  /** Masked. */
  readonly params?: PerformanceRecord['params'];
  readonly speedup?: number;
};

/** What past runs tell the screen. */
export type History = {
  /** Newest first. */
  readonly runs: readonly PastRun[];
  /** In the order in which they are shown: those that got slower first. */
  readonly trends: readonly TaskTrend[];
  /** What has become slower with the newest run, or before it and still is: the run as a whole, and tasks. */
  readonly regressions: readonly Regression[];
  readonly checks: CheckHistories;
  /** How long tasks usually take, as far as it is known. */
  readonly usualMs: ReadonlyMap<string, number>;
  /** The records of the runs, by id. */
  readonly records: ReadonlyMap<string, PerformanceRecord>;
};

export const noHistory: History = {
  runs: [],
  trends: [],
  regressions: [],
  checks: new Map(),
  usualMs: new Map(),
  records: new Map(),
};

/** Past runs, newest first, and the trend of each task: those that got slower first, then the longest. */
export function historyOf(records: readonly PerformanceRecord[]): History {
  const newest = records[records.length - 1];
  const regressions = newest === undefined ? [] : findRegressions(newest, records);
  const trends = trendsOf(records, regressions).sort(
    (a, b) => Number(b.regressed) - Number(a.regressed) || usualMsOf(b) - usualMsOf(a) || a.task.localeCompare(b.task),
  );
  return {
    runs: records.map(pastRun).reverse(),
    trends,
    regressions,
    checks: checkHistories(records),
    usualMs: new Map(trends.map((trend) => [trend.task, usualMsOf(trend)])),
    records: new Map(records.map((record) => [record.run_id, record])),
  };
}

function usualMsOf({ medianMs, durationsMs }: TaskTrend): number {
  return medianMs ?? durationsMs[durationsMs.length - 1] ?? 0;
}

function pastRun(record: PerformanceRecord): PastRun {
  const { run_id, status, verdict, completed_at, total_duration_seconds: took, results, checks } = record;
  const { params, speedup, missed_slas } = record;
  return {
    run: run_id,
    status,
    ...(verdict === undefined ? {} : { verdict }),
    completedAt: Date.parse(completed_at),
    durationMs: took * 1000,
    failed: results.filter((one) => (one.status === 'failed' || one.status === 'timeout') && !one.tolerated).length,
    degraded: results.filter(({ degraded }) => degraded !== undefined).length,
    ...(checks === undefined
      ? {}
      : {
          failedChecks: checks.filter((check) => check.status === 'fail' || check.status === 'error').length,
          warned: checks.filter((check) => check.status === 'warn').length,
        }),
    ...(missed_slas === undefined ? {} : { missedSlas: missed_slas.length }),
    ...(params === undefined ? {} : { params }),
    ...(speedup === undefined ? {} : { speedup }),
  };
}

/** Only of attempts that succeeded: the duration of a failed one is not comparable. */
function trendsOf(records: readonly PerformanceRecord[], regressions: readonly Regression[]): TaskTrend[] {
  const slower = new Set(regressions.map(({ task }) => task));
  const durations = new Map<TaskId, number[]>();
  for (const { results } of records) {
    for (const { task, status, attempt_seconds } of results) {
      if (status !== 'success') continue;
      const known = durations.get(task);
      if (known === undefined) durations.set(task, [attempt_seconds * 1000]);
      else known.push(attempt_seconds * 1000);
    }
  }
  return [...durations].map(([task, all]) => {
    const durationsMs = all.slice(-maxRuns);
    const regressed = slower.has(task);
    const medianMs = medianOf(durationsMs);
    if (medianMs === undefined) return { task, durationsMs, regressed };
    const latest = durationsMs[durationsMs.length - 1] ?? 0;
    return { task, durationsMs, medianMs, ratio: medianMs === 0 ? 1 : latest / medianMs, regressed };
  });
}

const maxRuns = 10;
