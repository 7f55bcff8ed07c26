import type { RunId, TaskId } from '../../model/ids.ts';
import type { RunStatus } from '../../model/run/run-event.ts';
import type { PerformanceRecord, TaskPerformance } from '../files/performance-record.ts';
import { findRegressions } from './find-regressions.ts';
import type { Regression } from './regression.ts';
import { type Statistics, statisticsOf, thousandths } from './statistics.ts';

/** How the durations of a pipeline and of its tasks have developed over some runs. */
export type RunTrends = {
  /** Oldest first; all series below have one value for each. */
  readonly runs: readonly TrendRun[];
  readonly overall: Trend;
  /** The one with the longest median first. */
  readonly tasks: readonly TaskTrend[];
  /** The five tasks with the longest medians. */
  readonly slowest: readonly TaskId[];
  /** What has become slower as of the last run. */
  readonly regressions: readonly Regression[];
};

export type TrendRun = { readonly run_id: RunId; readonly status: RunStatus; readonly started_at: string };

export type Trend = {
  /** How long it took in each run; null in a run in which it did not succeed, which is not comparable. */
  readonly seconds: readonly (number | null)[];
  /** Of the seconds; absent when it never succeeded. */
  readonly statistics?: Statistics;
  /** In how many of the runs it ran at all. */
  readonly ran: number;
  /** The share of these in which it succeeded, by a fallback too; absent when it never ran. */
  readonly success_rate?: number;
  /** Attempts beyond the first, in all runs together. */
  readonly retries: number;
  /** Of the rows that it reported; of a run, all of its tasks together. */
  readonly rows?: Statistics;
};

export type TaskTrend = Trend & {
  readonly task: TaskId;
  /** Its share of the critical path, on average over the runs that were measured; 0 = it was never on it. */
  readonly critical_share?: number;
};

const maxSlowest = 5;

/**
 * @param records of one pipeline, oldest first
 * @param earlier as many more before them as are to say what is usual
 */
export function trendsOf(records: readonly PerformanceRecord[], earlier: readonly PerformanceRecord[] = []): RunTrends {
  const last = records[records.length - 1];
  const tasks = taskTrends(records);
  return {
    runs: records.map(({ run_id, status, started_at }) => ({ run_id: run_id as RunId, status, started_at })),
    overall: overallTrend(records),
    tasks,
    slowest: tasks.flatMap(({ task, statistics }) => (statistics === undefined ? [] : [task])).slice(0, maxSlowest),
    regressions: last === undefined ? [] : findRegressions(last, [...earlier, ...records]),
  };
}

function overallTrend(records: readonly PerformanceRecord[]): Trend {
  return trendOf(
    records.map(({ status, total_duration_seconds: seconds, results }) => {
      const rows = results.flatMap((result) => result.rows ?? []);
      return {
        hasSucceeded: status === 'success',
        ...(status === 'success' ? { seconds } : {}),
        retries: results.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
        ...(rows.length === 0 ? {} : { rows: rows.reduce((sum, count) => sum + count) }),
      };
    }),
  );
}

function taskTrends(records: readonly PerformanceRecord[]): readonly TaskTrend[] {
  const byRun = records.map(({ results }) => new Map(results.map((result) => [result.task, result])));
  const critical = records.map(({ critical_path: path }) => path && new Set(path));
  const names = new Set(records.toReversed().flatMap(({ results }) => results.map(({ task }) => task)));
  return [...names]
    .map((task): TaskTrend => {
      const results = byRun.map((tasks) => tasks.get(task));
      const shares = records.flatMap(({ critical_path_seconds: whole }, at) => {
        const result = results[at];
        if (result === undefined || critical[at] === undefined || !(whole > 0)) return [];
        return [critical[at].has(task) ? result.duration_seconds / whole : 0];
      });
      const share = statisticsOf(shares)?.mean;
      return { task, ...trendOf(results.map(measureOf)), ...(share === undefined ? {} : { critical_share: share }) };
    })
    .sort((a, b) => (b.statistics?.median ?? -1) - (a.statistics?.median ?? -1));
}

/** What one run tells; undefined when it did not run there. */
type Measure = {
  readonly hasSucceeded: boolean;
  readonly seconds?: number;
  readonly retries: number;
  readonly rows?: number;
};

function measureOf(result: TaskPerformance | undefined): Measure | undefined {
  if (result === undefined || result.attempts === 0) return undefined;
  const { status, degraded, attempts, attempt_seconds: seconds, rows } = result;
  const hasSucceeded = status === 'success';
  return {
    hasSucceeded,
    ...(hasSucceeded && degraded === undefined ? { seconds } : {}),
    retries: attempts - 1,
    ...(rows === undefined ? {} : { rows }),
  };
}

function trendOf(measures: readonly (Measure | undefined)[]): Trend {
  const ran = measures.filter((measure) => measure !== undefined);
  const statistics = statisticsOf(ran.flatMap(({ seconds }) => seconds ?? []));
  const rows = statisticsOf(ran.flatMap((measure) => measure.rows ?? []));
  const succeeded = ran.filter(({ hasSucceeded }) => hasSucceeded).length;
  return {
    seconds: measures.map((measure) => measure?.seconds ?? null),
    ...(statistics === undefined ? {} : { statistics }),
    ran: ran.length,
    ...(ran.length === 0 ? {} : { success_rate: thousandths(succeeded / ran.length) }),
    retries: ran.reduce((sum, { retries }) => sum + retries, 0),
    ...(rows === undefined ? {} : { rows }),
  };
}
