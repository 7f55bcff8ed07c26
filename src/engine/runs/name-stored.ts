import type { EpochMs, RunId, TaskId } from '../model/ids.ts';
import type { ExitVerdict } from '../results/causes/exit-verdict.ts';
import { isRunAlive, wasInterrupted } from '../storage/runs/heartbeat.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { newestRuns } from '../storage/runs/stored-runs.ts';
import { findRun } from './find-run.ts';
import type { StoredRunStatus } from './list-runs.ts';
import { readRecord } from './past-performance.ts';
import { readRun } from './read-run.ts';

/** What can be told of a run without reading its journal; what is not known is absent. */
export type RunName = {
  readonly run: RunId;
  readonly pipeline?: string;
  readonly status?: StoredRunStatus;
  readonly verdict?: ExitVerdict;
  readonly startedAt?: EpochMs;
};

/** The last `most` runs of a log directory, newest first: quicker than `listRuns`, which reads the journals of some. */
export async function nameRuns(logDir: string, most: number): Promise<readonly RunName[]> {
  const runs: RunId[] = [];
  for await (const run of newestRuns(logDir)) if (runs.push(run) === most) break;
  return Promise.all(runs.map((run) => nameRun(logDir, run)));
}

async function nameRun(logDir: string, run: RunId): Promise<RunName> {
  const { directory, performance } = runPaths(logDir, run);
  if (isRunAlive(directory)) return { run, status: 'running' };
  if (wasInterrupted(directory)) return { run, status: 'interrupted' };
  const record = await readRecord(performance);
  if (record === undefined) return { run };
  const { pipeline, status, verdict, started_at: startedAt } = record;
  return {
    run,
    pipeline,
    status,
    startedAt: Date.parse(startedAt) as EpochMs,
    ...(verdict === undefined ? {} : { verdict }),
  };
}

/** The tasks of the run that `text` names, as `findRun` finds it; none when it cannot be read. */
export async function nameTasks(logDir: string, text: string): Promise<readonly TaskId[]> {
  const found = await findRun(logDir, text);
  const stored = found.ok ? readRun(logDir, found.value) : found;
  return stored.ok ? stored.value.plan.tasks.map(({ spec }) => spec.id) : [];
}
