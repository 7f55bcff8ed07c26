import { existsSync } from 'node:fs';
import pLimit from 'p-limit';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId } from '../../model/ids.ts';
import type { Retention } from '../../model/pipeline/pipeline.ts';
import type { PerformanceRecord } from '../../results/files/performance-record.ts';
import { diskUsage } from '../../storage/fs/disk-usage.ts';
import { firstEvent } from '../../storage/journal/read-journal.ts';
import { deleteRun, finishDeletions } from '../../storage/runs/delete-run.ts';
import { isRunAlive, wasInterrupted } from '../../storage/runs/heartbeat.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import { newestRuns, runDirectories } from '../../storage/runs/stored-runs.ts';
import { readRecord } from '../past-performance.ts';
import { beganAt, chooseRuns, type KeptRun } from './choose-runs.ts';

export type PruneRequest = {
  /** Absolute. */
  readonly logDir: string;
  readonly retention: Retention;
  /** Only runs of this pipeline; absent = of all. */
  readonly pipeline?: string;
  /** A run that is never deleted. */
  readonly spared?: RunId;
  /** Tells what would be deleted. */
  readonly dryRun?: boolean;
  readonly now: EpochMs;
  /** When aborted, no further run is deleted. */
  readonly signal?: AbortSignal;
};

export type PruneReport = {
  /** The oldest first; with `dryRun` those that would be. */
  readonly deleted: readonly { readonly run_id: RunId; readonly bytes: number }[];
  readonly freed_bytes: number;
  /** How many runs still have their directory. */
  readonly kept: number;
  /** Runs that were due, and are left because a process carries them out or they have only begun. */
  readonly running: readonly RunId[];
  readonly errors: readonly Diagnostic[];
};

/** Deletes the directories and result files of runs that a retention gives up; performance records stay. Never rejects. */
export async function pruneRuns(request: PruneRequest): Promise<PruneReport> {
  const { logDir, retention, pipeline, spared, dryRun = false, now, signal } = request;
  const errors: Diagnostic[] = dryRun ? [] : [...(await finishDeletions(logDir))];
  const runs = await keptRuns(logDir, pipeline, retention.maxBytes !== undefined, signal);
  const due = chooseRuns(runs, retention, now).filter((run) => run !== spared);
  const sizes = new Map(runs.map(({ run, bytes }) => [run, bytes]));
  const limit = pLimit(workAtOnce);
  const outcomes = await Promise.all(due.map((run) => limit(() => give(run))));
  const deleted = outcomes.flatMap((outcome) => (typeof outcome === 'object' ? [outcome] : []));
  const running = due.filter((_, at) => outcomes[at] === 'running');
  const freed = deleted.reduce((sum, { bytes }) => sum + bytes, 0);
  return { deleted, freed_bytes: freed, kept: runs.length - deleted.length, running, errors };

  async function give(run: RunId): Promise<PruneReport['deleted'][number] | 'running' | 'left'> {
    if (signal?.aborted) return 'left';
    if (isUnderWay(logDir, run, now)) return 'running';
    const bytes = sizes.get(run) ?? (await sizeOf(logDir, run));
    if (dryRun) return { run_id: run, bytes };
    const withRecord = !isWorthKeeping(await readRecord(runPaths(logDir, run).performance));
    const outcome = await deleteRun(logDir, run, withRecord);
    if (!outcome.ok) {
      errors.push(outcome.error);
      return 'left';
    }
    return outcome.value === 'running' ? 'running' : { run_id: run, bytes };
  }
}

/** Looking and deleting wait for the disk more than they compute. */
const workAtOnce = 16;

/** Runs that have a directory, newest first; of those whose directory was deleted only the record is left. */
async function keptRuns(
  logDir: string,
  pipeline: string | undefined,
  withSizes: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly KeptRun[]> {
  const directories = new Set(await runDirectories(logDir));
  const limit = pLimit(workAtOnce);
  const looks: Promise<readonly KeptRun[]>[] = [];
  for await (const run of newestRuns(logDir)) {
    if (directories.has(run)) looks.push(limit(() => (signal?.aborted ? [] : look(run))));
  }
  return (await Promise.all(looks)).flat();

  async function look(run: RunId): Promise<readonly KeptRun[]> {
    if (pipeline !== undefined && (await pipelineOf(logDir, run)) !== pipeline) return [];
    return [{ run, ...(withSizes ? { bytes: await sizeOf(logDir, run) } : {}) }];
  }
}

async function pipelineOf(logDir: string, run: RunId): Promise<string | undefined> {
  const paths = runPaths(logDir, run);
  const record = await readRecord(paths.performance);
  if (record !== undefined) return record.pipeline;
  const event = firstEvent(paths.journal);
  return event?.type === 'run.started' ? event.pipeline : undefined;
}

async function sizeOf(logDir: string, run: RunId): Promise<number> {
  const { directory, result, consistency } = runPaths(logDir, run);
  const sizes = await Promise.all([directory, result, consistency].map(diskUsage));
  return sizes.reduce((sum, bytes) => sum + bytes);
}

/** A run that has only begun may not have signed yet. */
const beginningMs = 10 * 60_000;

function isUnderWay(logDir: string, run: RunId, now: EpochMs): boolean {
  const { directory, performance } = runPaths(logDir, run);
  if (isRunAlive(directory)) return true;
  return !wasInterrupted(directory) && !existsSync(performance) && now - beganAt(run) < beginningMs;
}

/** Of a run in which nothing ran, nothing can be learned. */
function isWorthKeeping(record: PerformanceRecord | undefined): boolean {
  return record?.results.some(({ attempts }) => attempts > 0) ?? true;
}
