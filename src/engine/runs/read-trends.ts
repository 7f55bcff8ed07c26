import type { PerformanceRecord } from '../results/files/performance-record.ts';
import { type RunTrends, trendsOf } from '../results/trends/run-trends.ts';
import { areComparable, type RunParams, variedParams } from '../results/trends/same-params.ts';
import { newestRecords, pastPerformance } from './past-performance.ts';

export type TrendsRequest = {
  /** Absolute. */
  readonly logDir: string;
  /** Absent = that of the last run. */
  readonly pipeline?: string;
  /** How many runs, at least 1. */
  readonly last: number;
  /** Whether runs with other parameters than those of the last run count as well. */
  readonly allParams: boolean;
};

export type TrendsReport = RunTrends & {
  readonly pipeline: string;
  /** Of the last run, masked; with `allParams` others may differ. */
  readonly params: Readonly<Record<string, string>>;
  /** Names of those that may differ all the same: they say for which day, month or hour a run was. */
  readonly varied: readonly string[];
  readonly all_params: boolean;
  /** How many runs of the pipeline lie between those that are compared and have other parameters. */
  readonly left_out: number;
};

/** How many runs, beyond those that are shown, say what is usual. */
const earlierRuns = 20;

/** The trends of a pipeline, from its performance records; undefined when there are none. */
export async function readTrends(request: TrendsRequest): Promise<TrendsReport | undefined> {
  const { logDir, last, allParams } = request;
  const found: PerformanceRecord[] = [];
  const pipeline = request.pipeline ?? (await pastPerformance(logDir, undefined, 1))[0]?.pipeline;
  if (pipeline === undefined) return undefined;
  let params: RunParams;
  let varied: readonly string[] = [];
  let leftOut = 0;
  for await (const record of newestRecords(logDir, pipeline)) {
    if (found.length === 0) [params, varied] = [record.params, variedParams(record)];
    if (allParams || areComparable(record, params)) found.push(withoutOutput(record));
    else if (found.length < last) leftOut += 1;
    if (found.length === last + earlierRuns) break;
  }
  if (found.length === 0) return undefined;
  const oldestFirst = found.reverse();
  const shown = oldestFirst.slice(-last);
  return {
    pipeline,
    params: params ?? {},
    varied,
    all_params: allParams,
    left_out: leftOut,
    ...trendsOf(shown, oldestFirst.slice(0, -last)),
  };
}

/** Of thousands of runs only what trends are made of is held: the rest is most of a record. */
function withoutOutput(record: PerformanceRecord): PerformanceRecord {
  return {
    ...record,
    results: record.results.map(({ task, status, attempts, attempt_seconds, duration_seconds, rows, degraded }) => ({
      ...{ task, status, attempts, attempt_seconds, duration_seconds, stdout: '', stderr: '', error: null },
      ...(rows === undefined ? {} : { rows }),
      ...(degraded === undefined ? {} : { degraded }),
    })),
  };
}
