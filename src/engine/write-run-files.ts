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
  /** The paths of those that are on the disk. */
  readonly written: Partial<ResultPaths>;
  /** Why others could not be written. */
  readonly troubles: readonly Diagnostic[];
};

type ResultPaths = Pick<RunPaths, 'result' | 'consistency' | 'performance'>;

/** Writes the files that say how a run went. What cannot be written is told, and the rest is written all the same. */
export async function writeRunFiles(
  state: RunState,
  events: readonly RunEvent[],
  output: OutputLookup,
  paths: ResultPaths,
  now: EpochMs,
  peaks: ResourcePeaks | undefined,
): Promise<RunFiles> {
  const result = runResult(state, output, now);
  const consistency = consistencyReport(state, now);
  const performance = performanceRecord(state, events, output, now, peaks);
  const contents = [
    ['result', result],
    ['consistency', consistency],
    ['performance', performance],
  ] as const;
  const troubles: Diagnostic[] = [];
  const written: { -readonly [kind in keyof ResultPaths]?: string } = {};
  for (const [kind, content] of contents) {
    const kept = await writeFileAtomically(paths[kind], `${JSON.stringify(content, null, 2)}\n`);
    if (kept.ok) written[kind] = paths[kind];
    else troubles.push(kept.error);
  }
  return { result, consistency, written, troubles };
}
