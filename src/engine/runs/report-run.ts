import { existsSync } from 'node:fs';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId } from '../model/ids.ts';
import { ok, type Result } from '../model/result.ts';
import { isOutcome } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { type ConsistencyReport, consistencyReport } from '../results/files/consistency-report.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import { type RunSummary, runResult } from '../results/files/run-result.ts';
import type { TaskResult } from '../results/files/task-result.ts';
import { createWaitMeter } from '../scheduler/admission/measure-waits.ts';
import { journalDamage } from '../storage/journal/journal-damage.ts';
import { readJournal } from '../storage/journal/read-journal.ts';
import { attemptLogPath } from '../storage/logs/attempt-log-path.ts';
import { isRunAlive, wasInterrupted } from '../storage/runs/heartbeat.ts';
import { type RunPaths, runPaths } from '../storage/runs/run-paths.ts';
import { readJson } from '../storage/runs/stored-runs.ts';
import { foldRun } from './fold-run.ts';
import { lastSeen, type StoredRunStatus, statusOf } from './list-runs.ts';
import { readRecord } from './past-performance.ts';
import { readRun, type StoredRun } from './read-run.ts';

/** Everything known of a run, in the form of its result files; from its journal when it has written none yet. */
export type RunReport = {
  readonly status: StoredRunStatus;
  readonly result: RunSummary & { readonly results: readonly TaskResult[] };
  /** Absent when only the performance record is left. */
  readonly consistency?: ConsistencyReport;
  /** Absent before the run has ended. */
  readonly performance?: PerformanceRecord;
  /** Masked; absent when it had none, or only its result is left. */
  readonly params?: PerformanceRecord['params'];
  readonly paths: RunPaths;
  /** Where its journal is damaged, and why. */
  readonly damage?: Diagnostic;
};

/** Errors: `run/unknown-run`, `run/damaged-journal`, when nothing of the run can be read. */
export async function reportRun(logDir: string, run: RunId, now: EpochMs): Promise<Result<RunReport, Diagnostic>> {
  const paths = runPaths(logDir, run);
  const isRunning = isRunAlive(paths.directory);
  // A run that was reopened and then interrupted has the results of its earlier end.
  const written = isRunning || wasInterrupted(paths.directory) ? undefined : await fromFiles(paths);
  if (written !== undefined) return ok({ ...written, ...damageOf(run, paths) });
  const stored = readRun(logDir, run);
  if (!stored.ok) return stored;
  const status = isRunning ? 'running' : statusOf(stored.value);
  return ok({ status, ...fromEvents(stored.value, lastSeen(stored.value, status, now)), paths });
}

/** Of a run whose journal was deleted, the results are all there is. */
function damageOf(run: RunId, paths: RunPaths): Pick<RunReport, 'damage'> {
  const journal = readJournal(paths.journal);
  const damage = journal.ok ? journalDamage(run, paths.journal, journal.value) : undefined;
  return damage === undefined ? {} : { damage };
}

async function fromFiles(paths: RunPaths): Promise<RunReport | undefined> {
  const performance = await readRecord(paths.performance);
  const result = ((await readJson(paths.result)) as RunReport['result'] | undefined) ?? performance;
  if (!Array.isArray(result?.results)) return undefined;
  const consistency = (await readJson(paths.consistency)) as ConsistencyReport | undefined;
  return {
    status: result.status,
    result,
    ...(consistency === undefined ? {} : { consistency }),
    ...(performance === undefined ? {} : { performance }),
    ...paramsOf(performance?.params),
    paths,
  };
}

/** Without output, which only the logs have. */
function fromEvents(stored: StoredRun, until: EpochMs) {
  const { paths, damage } = stored;
  const waits = createWaitMeter();
  const state = foldRun(stored, waits.onEvent);
  const lookup = {
    tail: () => ({ stdout: '', stderr: '' }),
    logPath: (task: TaskResult['task'], attempt: number) => {
      const path = attemptLogPath(paths.tasks, task, attempt);
      return existsSync(path) ? path : undefined;
    },
  };
  const result = runResult(state, lookup, until, waits.times());
  const consistency = consistencyReport(state, until);
  const params = paramsOf(state.options.params);
  if (damage === undefined) return { result, consistency, ...params };
  // A task may have ended in the part that cannot be read.
  const results = result.results.map((row, index) =>
    isOutcome(entryAt(state.tasks, index).state) ? row : { ...row, error: 'unknown: the journal is damaged' },
  );
  return { result: { ...result, results }, consistency, damage, ...params };
}

function paramsOf(params: PerformanceRecord['params']): Pick<RunReport, 'params'> {
  return params === undefined ? {} : { params };
}
