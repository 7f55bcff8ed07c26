import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs } from '../model/ids.ts';
import type { Result } from '../model/result.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { type ConsistencyReport, consistencyReport } from '../results/consistency-report.ts';
import { performanceRecord } from '../results/performance-record.ts';
import type { ResourcePeaks } from '../results/resource-peaks.ts';
import { type RunResult, runResult } from '../results/run-result.ts';
import type { OutputLookup } from '../results/task-result.ts';
import type { RunPaths } from '../storage/runs/run-paths.ts';

export type RunFiles = {
  readonly result: RunResult;
  readonly consistency: ConsistencyReport;
  /** The paths of the files that were written. */
  readonly written: Partial<ResultPaths>;
  /** Why the others could not be written. */
  readonly warnings: readonly Diagnostic[];
};

type ResultPaths = Pick<RunPaths, 'result' | 'consistency' | 'performance'>;

/** Writes the result files of a run side by side. A file that cannot be written becomes a warning. */
export async function writeRunFiles(
  state: RunState,
  events: readonly RunEvent[],
  output: OutputLookup,
  paths: ResultPaths,
  now: EpochMs,
  peaks: ResourcePeaks | undefined,
  writeFile: (path: string, text: string) => Promise<Result<void, Diagnostic>>,
): Promise<RunFiles> {
  const result = runResult(state, output, now);
  const consistency = consistencyReport(state, now);
  const performance = performanceRecord(state, events, output, now, peaks);
  const contents = [
    ['result', result],
    ['consistency', consistency],
    ['performance', performance],
  ] as const;
  const warnings: Diagnostic[] = [];
  const written: { -readonly [kind in keyof ResultPaths]?: string } = {};
  await Promise.all(
    contents.map(async ([kind, content]) => {
      const result = await writeFile(paths[kind], `${JSON.stringify(content, null, 2)}\n`);
      if (result.ok) written[kind] = paths[kind];
      else warnings.push(result.error);
    }),
  );
  return { result, consistency, written, warnings };
}
