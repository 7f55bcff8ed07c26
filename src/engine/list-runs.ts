import type { PerformanceRecord } from './history/performance-record.ts';
import type { EpochMs, RunId } from './model/ids.ts';
import type { RunStatus } from './model/run-event.ts';
import { entryAt } from './model/task-table.ts';
import { readRecord } from './past-performance.ts';
import { type KeptRun, readRun } from './read-run.ts';
import { replay } from './scheduler/replay.ts';
import { isAbandoned, isOwned } from './storage/run-owner.ts';
import { runPaths } from './storage/run-paths.ts';
import { storedRuns } from './storage/stored-runs.ts';

/** `running`: a process carries it out at this moment. `interrupted`: whoever did is gone, and left it without an end. */
export type KeptRunStatus = RunStatus | 'running' | 'interrupted';

/** What a list of runs says of each. */
export type RunListing = {
  readonly run: RunId;
  readonly status: KeptRunStatus;
  /** Absent, like all that follows, when nothing of the run can be read any more. */
  readonly pipeline?: string;
  readonly startedAt?: EpochMs;
  /** Up to its end, or to its last sign of life. */
  readonly durationMs?: number;
  readonly tasks?: number;
  /** Tasks that failed or timed out. */
  readonly failed?: number;
  /** What its attempts took together, by what it took; only of runs with a record. */
  readonly speedup?: number;
};

/** The last `most` runs of a log directory, newest last. */
export async function listRuns(logDir: string, most: number): Promise<readonly RunListing[]> {
  const runs = (await storedRuns(logDir)).slice(-most);
  return Promise.all(runs.map((run) => listRun(logDir, run)));
}

async function listRun(logDir: string, run: RunId): Promise<RunListing> {
  const paths = runPaths(logDir, run);
  const isRunning = isOwned(paths.directory);
  // A run that was taken up again and then cut off has the record of its earlier end.
  const record = isRunning || isAbandoned(paths.directory) ? undefined : await readRecord(paths.performance);
  if (record !== undefined) return fromRecord(run, record);
  const kept = readRun(logDir, run);
  if (!kept.ok) return { run, status: isRunning ? 'running' : 'interrupted' };
  return { run, status: isRunning ? 'running' : statusOf(kept.value), ...fromEvents(kept.value) };
}

/** Of a run that nobody carries out, and that has left no result. */
export function statusOf({ events }: Pick<KeptRun, 'events'>): KeptRunStatus {
  const end = events.findLast(({ type }) => type === 'run.finished' || type === 'run.reopened');
  return end?.type === 'run.finished' ? end.status : 'interrupted';
}

function fromRecord(run: RunId, record: PerformanceRecord): RunListing {
  const { pipeline, status, started_at, total_duration_seconds: took, task_seconds: worked, results } = record;
  return {
    run,
    status,
    pipeline,
    startedAt: Date.parse(started_at) as EpochMs,
    durationMs: took * 1000,
    tasks: results.length,
    failed: results.filter((result) => result.status === 'failed' || result.status === 'timeout').length,
    ...(took > 0 ? { speedup: worked / took } : {}),
  };
}

function fromEvents({ plan, options, events }: KeptRun): Omit<RunListing, 'run' | 'status'> {
  const { tasks } = replay(plan, options, events);
  const [first] = events;
  const startedAt = first!.at;
  return {
    pipeline: plan.pipeline.name,
    startedAt,
    durationMs: events[events.length - 1]!.at - startedAt,
    tasks: plan.tasks.length,
    failed: plan.tasks.filter(({ index }) => ['failed', 'timed-out'].includes(entryAt(tasks, index).state.kind)).length,
  };
}
