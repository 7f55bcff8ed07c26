import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs } from '../../model/ids.ts';
import type { Result } from '../../model/result.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { WaitTimes } from '../../model/run/wait-times.ts';
import { type ConsistencyReport, consistencyReport } from '../../results/files/consistency-report.ts';
import { type PerformanceRecord, performanceRecord } from '../../results/files/performance-record.ts';
import { type RunResult, runResult } from '../../results/files/run-result.ts';
import type { OutputLookup } from '../../results/files/task-result.ts';
import type { ResourcePeaks } from '../../results/resource-peaks.ts';
import type { RunLoop } from '../../runtime/run-loop.ts';
import type { RunPaths } from '../../storage/runs/run-paths.ts';
import type { RunJudgement } from './judge-run.ts';

export type RunFiles = {
  readonly result: RunResult;
  readonly consistency: ConsistencyReport;
  readonly performance: PerformanceRecord & RunJudgement;
  /** The paths of the files that were written. */
  readonly written: Partial<ResultPaths>;
  /** Why the others could not be written. */
  readonly warnings: readonly Diagnostic[];
  /** The paths of the hand-offs of this run that are active. */
  readonly handoffs: readonly string[];
};

type ResultPaths = Pick<RunPaths, 'result' | 'consistency' | 'performance'>;

/**
 * Writes the result files of a run side by side. A file that cannot be written becomes a warning.
 * @param judge says how a run with this record stands to its SLAs and to earlier runs
 */
export async function writeRunFiles(
  state: RunState,
  events: readonly RunEvent[],
  output: OutputLookup,
  paths: ResultPaths,
  now: EpochMs,
  { peaks, waits }: { readonly peaks: ResourcePeaks | undefined; readonly waits: WaitTimes },
  judge: (record: PerformanceRecord) => Promise<RunJudgement>,
  writeFile: (path: string, text: string) => Promise<Result<void, Diagnostic>>,
): Promise<Omit<RunFiles, 'handoffs'>> {
  const consistency = consistencyReport(state, now);
  const { results: tasks, ...record } = performanceRecord(state, events, output, now, peaks, waits);
  const { results, ...facts } = runResult(state, output, now, waits);
  const judgement = await judge({ ...record, results: tasks });
  const result = { ...facts, ...judgement, results };
  const performance = { ...record, ...judgement, results: tasks };
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
  return { result, consistency, performance, written, warnings };
}

/** The results of a run on the disk. */
export type ResultWriter = {
  /** Resolves when nothing is being written. */
  settled(): Promise<unknown>;
  /** Writes them once more if the run has changed since they were written. */
  finish(): Promise<RunFiles>;
};

/**
 * Writes a run's results each time that it ends, and not only when it is closed: its screen may stay open for hours, and the
 * run may be reopened, while other programs wait for the results.
 */
export function createResultWriter(loop: RunLoop, write: (state: RunState) => Promise<RunFiles>): ResultWriter {
  let written: { readonly state: RunState; readonly files: RunFiles } | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const update = (): Promise<RunFiles> => {
    const mine = turn.then(async () => {
      const state = loop.state();
      if (written?.state !== state) written = { state, files: await write(state) };
      return written.files;
    });
    turn = mine;
    return mine;
  };
  loop.subscribe((event) => {
    if (event.type === 'run.finished') void update();
  });
  return { settled: () => turn, finish: update };
}
