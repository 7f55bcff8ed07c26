import type { PerformanceRecord } from '../results/performance-record.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { readJson, storedRuns } from '../storage/runs/stored-runs.ts';

/** The records of the last runs of a pipeline (of any, without one), newest last; at most `most`. */
export async function pastPerformance(
  logDir: string,
  pipeline: string | undefined,
  most: number,
): Promise<readonly PerformanceRecord[]> {
  const found: PerformanceRecord[] = [];
  for (const run of (await storedRuns(logDir)).toReversed()) {
    if (found.length === most) break;
    const record = await readRecord(runPaths(logDir, run).performance);
    if (record !== undefined && (pipeline === undefined || record.pipeline === pipeline)) found.push(record);
  }
  return found.reverse();
}

/** Undefined when there is none, or none that can be understood. */
export async function readRecord(path: string): Promise<PerformanceRecord | undefined> {
  const record = (await readJson(path)) as Partial<PerformanceRecord> | null | undefined;
  const isRecord = typeof record?.run_id === 'string' && Array.isArray(record.results);
  return isRecord ? (record as PerformanceRecord) : undefined;
}
