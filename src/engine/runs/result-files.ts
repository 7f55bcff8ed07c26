import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId } from '../model/ids.ts';
import type { ConsistencyReport } from '../results/files/consistency-report.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import type { RunSummary } from '../results/files/run-result.ts';
import type { TaskResult } from '../results/files/task-result.ts';
import type { RunPaths } from '../storage/runs/run-paths.ts';
import { readJson } from '../storage/runs/stored-runs.ts';
import { readRecord } from './past-performance.ts';

/** The result files of a run as they are now; each is absent when it is gone, or not whole. */
export type ResultFiles = {
  readonly result?: RunSummary & { readonly results: readonly TaskResult[] };
  readonly consistency?: ConsistencyReport;
  readonly performance?: PerformanceRecord;
};

export async function readResultFiles(paths: RunPaths): Promise<ResultFiles> {
  const [result, consistency, performance] = await Promise.all([
    readJson(paths.result) as Promise<ResultFiles['result'] | undefined>,
    readJson(paths.consistency) as Promise<ConsistencyReport | undefined>,
    readRecord(paths.performance),
  ]);
  return {
    ...(Array.isArray(result?.results) ? { result } : {}),
    ...(Array.isArray(consistency?.checks) ? { consistency } : {}),
    ...(performance === undefined ? {} : { performance }),
  };
}

/** The paths of those that a run should have, once it has ended, and that are not there. */
export function missingFiles(files: ResultFiles, paths: RunPaths): readonly string[] {
  const kinds = ['result', 'consistency', 'performance'] as const;
  return kinds.filter((kind) => files[kind] === undefined).map((kind) => paths[kind]);
}

/** Tells which are missing, of a run that has ended. */
export function toldMissing(run: RunId, missing: readonly string[]): Diagnostic {
  const names = missing.map((path) => `"${path}"`).join(', ');
  return {
    code: 'run/no-result',
    severity: 'warning',
    message: `Run ${run} has ended, but some results are missing: ${names} ${missing.length === 1 ? 'is' : 'are'} missing or not whole`,
    hint: `they are read from the journal instead; etl-tui show ${run} --rebuild writes them again`,
  };
}
