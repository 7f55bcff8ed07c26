import { type ConsistencyReport, consistencyReport } from './history/consistency-report.ts';
import { performanceRecord } from './history/performance-record.ts';
import type { ResourcePeaks } from './history/resource-peaks.ts';
import { type RunResult, runResult } from './history/run-result.ts';
import type { OutputLookup } from './history/task-result.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import type { EpochMs } from './model/ids.ts';
import type { RunEvent } from './model/run-event.ts';
import type { RunState } from './model/run-state.ts';
import type { RunPaths } from './storage/run-paths.ts';
import { writeFileAtomically } from './storage/write-file-atomically.ts';

export type RunFiles = {
  readonly result: RunResult;
  readonly consistency: ConsistencyReport;
  /** What could not be written. */
  readonly troubles: readonly Diagnostic[];
};

/** Writes the files that say how a run went. What cannot be written is told, and the rest is written all the same. */
export async function writeRunFiles(
  state: RunState,
  events: readonly RunEvent[],
  output: OutputLookup,
  paths: Pick<RunPaths, 'result' | 'consistency' | 'performance'>,
  now: EpochMs,
  peaks: ResourcePeaks | undefined,
): Promise<RunFiles> {
  const result = runResult(state, output, now);
  const consistency = consistencyReport(state, now);
  const performance = performanceRecord(state, events, output, now, peaks);
  const contents = [
    [paths.result, result],
    [paths.consistency, consistency],
    [paths.performance, performance],
  ] as const;
  const troubles: Diagnostic[] = [];
  for (const [path, content] of contents) {
    const written = await writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
    if (!written.ok) troubles.push(written.error);
  }
  return { result, consistency, troubles };
}
