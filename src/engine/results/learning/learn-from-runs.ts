import type { TaskId } from '../../model/ids.ts';
import { medianOf } from '../../model/median.ts';
import { familyOf } from '../../model/pipeline/matrix.ts';
import type { PastRuns, PastTask } from '../../model/run/past-runs.ts';
import type { PerformanceRecord, TaskPerformance } from '../files/performance-record.ts';
import { areComparable, type RunParams } from '../trends/same-params.ts';

/** Older runs had other data. */
const maxRuns = 10;

/** So many attempts tell what an instance takes that has never run. */
const maxInstances = 100;

/**
 * What the records of the last runs tell of each task: the median duration of its last successful attempts, and what it
 * used. Where a task has succeeded with the same parameters, only those runs count, because a load of ten seasons takes
 * longer than one of two. What a fallback did says nothing of the task. The instances of a task tell of that task as a whole
 * as well, for an instance that has never run.
 * @param records of one pipeline, newest last
 * @param params of the run that is to come, masked as in the records
 */
export function learnFromRuns(records: readonly PerformanceRecord[], params?: RunParams): PastRuns {
  const newestFirst = records.toReversed();
  const [similar, all] = [newestFirst.filter((record) => areComparable(record, params)), newestFirst];
  const tasks = learnTasks(all);
  for (const [task, past] of learnTasks(similar)) tasks.set(task, past);
  const connectionBudget = all.find(({ connection_budget }) => isMeasure(connection_budget))?.connection_budget;
  return {
    runs: records.length,
    tasks,
    checksMs: new Map([...learnChecks(all), ...learnChecks(similar)]),
    ...(connectionBudget === undefined ? {} : { connectionBudget }),
  };
}

function learnTasks(newestFirst: readonly PerformanceRecord[]): Map<TaskId, PastTask> {
  const found = new Map<TaskId, TaskPerformance[]>();
  for (const { results } of newestFirst) {
    for (const result of results) {
      if (result.status !== 'success' || result.degraded !== undefined || !isMeasure(result.attempt_seconds)) continue;
      add(found, result.task, result, maxRuns);
      const family = familyOf(result.task);
      if (family !== undefined) add(found, family, result, maxInstances);
    }
  }
  return new Map([...found].map(([task, results]) => [task, pastTask(results)]));
}

function add(found: Map<TaskId, TaskPerformance[]>, task: TaskId, result: TaskPerformance, most: number): void {
  const known = found.get(task);
  if (known === undefined) found.set(task, [result]);
  else if (known.length < most) known.push(result);
}

function pastTask(results: readonly TaskPerformance[]): PastTask {
  const durationsMs = results.map((result) => result.attempt_seconds * 1000).sort((a, b) => a - b);
  const cpu = medianOf(measures(results, 'mean_cpu_cores'));
  const memoryBytes = highOf(measures(results, 'peak_memory_bytes'));
  const connections = highOf(measures(results, 'peak_connections'));
  return {
    durationsMs,
    medianMs: medianOf(durationsMs)!,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(connections === undefined ? {} : { connections }),
  };
}

function learnChecks(newestFirst: readonly PerformanceRecord[]): ReadonlyMap<string, number> {
  const found = new Map<string, number[]>();
  for (const { check_seconds: taken = {} } of newestFirst.slice(0, maxRuns)) {
    for (const [check, seconds] of Object.entries(taken)) {
      if (isMeasure(seconds)) found.set(check, [...(found.get(check) ?? []), seconds * 1000]);
    }
  }
  return new Map([...found].map(([check, all]) => [check, medianOf(all)!]));
}

function measures(
  results: readonly TaskPerformance[],
  name: 'mean_cpu_cores' | 'peak_memory_bytes' | 'peak_connections',
): readonly number[] {
  return results.map((result) => result[name]).filter(isMeasure);
}

/** The 95th percentile: one run out of twenty may have needed more. */
function highOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];
}

/** Records are files, which may be of another version. */
function isMeasure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
