import type { RunId, TaskId } from '../../model/ids.ts';
import { medianOf } from '../../model/median.ts';
import type { PerformanceRecord, TaskPerformance } from '../files/performance-record.ts';
import { findShift, minCompared, relativeScatter } from './find-shift.ts';
import type { Regression } from './regression.ts';
import { areComparable } from './same-params.ts';
import { thousandths } from './statistics.ts';

/**
 * What has become slower with this run, or with an earlier one and still is: the run as a whole, then tasks, those that lost
 * the most time first. Compared are successful runs with as much to do, and of a task its own successes, at least five
 * of them; see `findShift`. What a fallback did says nothing of the task.
 * @param past records of the same pipeline, oldest first; `record` itself may be among them
 */
export function findRegressions(record: PerformanceRecord, past: readonly PerformanceRecord[]): readonly Regression[] {
  const earlier = past.filter((one) => one.run_id !== record.run_id && areComparable(one, record.params));
  if (earlier.length < minCompared) return [];
  const whole = runRegression(record, earlier);
  return [...(whole === undefined ? [] : [whole]), ...taskRegressions(record, earlier)];
}

/** One value of a series: a run, how long it or a task of it took, and how many rows that were. */
type Measure = { readonly run: RunId; readonly seconds: number; readonly rows?: number };

function runRegression(record: PerformanceRecord, earlier: readonly PerformanceRecord[]): Regression | undefined {
  if (record.status !== 'success') return undefined;
  const work = workOf(record);
  const series = [...earlier.filter((one) => one.status === 'success' && workOf(one) === work), record];
  return regressionOf(series.map((one) => ({ run: one.run_id as RunId, seconds: runSeconds(one) })));
}

/** Runs take equally long only when they run the same tasks with the same limit. */
function workOf({ sequential, max_parallel, results }: PerformanceRecord): string {
  const tasks = results
    .filter(({ attempts, status }) => attempts > 0 && status !== 'not_needed')
    .map(({ task }) => task);
  return JSON.stringify([sequential, max_parallel, tasks]);
}

/** Without the time in which a person was waited for. */
function runSeconds({ active_seconds, total_duration_seconds }: PerformanceRecord): number {
  return active_seconds ?? total_duration_seconds;
}

function taskRegressions(record: PerformanceRecord, earlier: readonly PerformanceRecord[]): readonly Regression[] {
  const series = new Map<TaskId, Measure[]>(record.results.filter(isMeasured).map(({ task }) => [task, []]));
  for (const one of [...earlier, record]) {
    for (const result of one.results) if (isMeasured(result)) series.get(result.task)?.push(measureOf(one, result));
  }
  const scatter = usualScatter([...series.values()]);
  return [...series]
    .flatMap(([task, measures]) => {
      const regression = regressionOf(measures, scatter);
      return regression === undefined ? [] : [{ task, ...regression }];
    })
    .sort((a, b) => b.seconds - b.usual_seconds - (a.seconds - a.usual_seconds));
}

/** How much the tasks of the pipeline scatter, the middle one of them: few durations of one task alone tell little. */
function usualScatter(series: readonly (readonly Measure[])[]): number | undefined {
  const seconds = series.map((measures) =>
    measures
      .slice(0, -1)
      .slice(-maxScattered)
      .map((one) => one.seconds),
  );
  return medianOf(seconds.flatMap((values) => relativeScatter(values) ?? []));
}

const maxScattered = 12;

/** Records are files, which may be of another version. */
function isMeasured({ status, degraded, attempt_seconds }: TaskPerformance): boolean {
  return status === 'success' && degraded === undefined && Number.isFinite(attempt_seconds);
}

function measureOf({ run_id }: PerformanceRecord, { attempt_seconds, rows }: TaskPerformance): Measure {
  return { run: run_id as RunId, seconds: attempt_seconds, ...(rows === undefined ? {} : { rows }) };
}

/** @param series oldest first, this run last */
function regressionOf(series: readonly Measure[], scatter?: number): Regression | undefined {
  const shift = findShift(
    series.map(({ seconds }) => seconds),
    scatter,
  );
  if (shift === undefined) return undefined;
  const { begin, usual, compared } = shift;
  const { seconds, rows } = series[series.length - 1]!;
  const usualRows = medianOf(series.slice(begin - compared, begin).flatMap((one) => one.rows ?? []));
  return {
    seconds: thousandths(seconds),
    usual_seconds: thousandths(usual),
    change: thousandths(seconds / Math.max(usual, 0.001) - 1),
    compared_runs: compared,
    since: series[begin]!.run,
    slower_runs: series.length - begin,
    ...(rows === undefined || usualRows === undefined ? {} : { rows, usual_rows: usualRows }),
  };
}
