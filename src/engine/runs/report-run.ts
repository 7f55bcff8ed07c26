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
import { journalDamage, journalPassedOver } from '../storage/journal/journal-damage.ts';
import { readJournal } from '../storage/journal/read-journal.ts';
import { attemptLogPath, existingLog } from '../storage/logs/attempt-log-path.ts';
import { isRunAlive, wasInterrupted } from '../storage/runs/heartbeat.ts';
import { isRunDirInUse } from '../storage/runs/run-dir.ts';
import { type RunPaths, runPaths } from '../storage/runs/run-paths.ts';
import { foldRun } from './fold-run.ts';
import { type Interruption, interruptionOf } from './interruption.ts';
import { hasEnded, lastSeen, type StoredRunStatus, statusOf } from './list-runs.ts';
import { readRun, type StoredRun } from './read-run.ts';
import { missingFiles, type ResultFiles, readResultFiles, toldMissing } from './result-files.ts';

/** Everything known of a run, in the form of its result files; what of them is missing comes from its journal. */
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
  /** Where the files are that its tasks left for each other; absent when there are none. */
  readonly runDir?: string;
  /** The paths of result files that are gone, or not whole, although the journal could tell what was in them. */
  readonly missing: readonly string[];
  /** Present when it was interrupted. */
  readonly interruption?: Interruption;
  /** Where its journal is damaged, and why. */
  readonly damage?: Diagnostic;
  /** What should be told of the files of the run, the damage among it. */
  readonly notices: readonly Diagnostic[];
};

/** Errors: `run/unknown-run`, `run/damaged-journal`, `run/newer-journal`, when nothing of the run can be read. */
export async function reportRun(logDir: string, run: RunId, now: EpochMs): Promise<Result<RunReport, Diagnostic>> {
  const paths = runPaths(logDir, run);
  const isRunning = isRunAlive(paths.directory);
  // A run that was reopened and then interrupted has the results of its earlier end.
  const files = isRunning || wasInterrupted(paths.directory) ? {} : await readResultFiles(paths);
  const fromFiles = reportOfFiles(run, paths, files);
  if (fromFiles !== undefined && missingFiles(files, paths).length === 0) return ok(fromFiles);
  const stored = readRun(logDir, run);
  const status = !stored.ok ? undefined : isRunning ? 'running' : statusOf(stored.value);
  // The journal of a run that was pruned is gone, and a damaged one knows less than what was written.
  if (fromFiles !== undefined && (status === undefined || !hasEnded(status))) return ok(fromFiles);
  if (!stored.ok) return stored;
  return ok(reportOfJournal(run, stored.value, files, status ?? 'interrupted', now));
}

function reportOfFiles(run: RunId, paths: RunPaths, files: ResultFiles): RunReport | undefined {
  const { consistency, performance, result = performance } = files;
  if (result === undefined) return undefined;
  const journal = readJournal(paths.journal);
  // What was written tells the end, so that no more than a warning is needed.
  const damage = journal.ok ? asWarning(journalDamage(run, paths.journal, journal.value)) : undefined;
  const newer = journal.ok ? journalPassedOver(run, journal.value) : undefined;
  return {
    status: result.status,
    result,
    ...(consistency === undefined ? {} : { consistency }),
    ...(performance === undefined ? {} : { performance }),
    ...paramsOf(performance?.params),
    paths,
    ...runDirOf(paths),
    missing: [],
    ...(damage === undefined ? {} : { damage }),
    notices: [damage, newer].filter((notice) => notice !== undefined),
  };
}

function reportOfJournal(
  run: RunId,
  stored: StoredRun,
  files: ResultFiles,
  status: StoredRunStatus,
  now: EpochMs,
): RunReport {
  const { paths, damage, newer } = stored;
  const { result, consistency, performance } = files;
  const until = lastSeen(stored, status, now);
  const { state, ...facts } = factsOf(stored, until);
  const missing = hasEnded(status) ? missingFiles(files, paths) : [];
  const told = missing.length === 0 ? undefined : toldMissing(run, missing);
  return {
    status,
    ...facts,
    result: result ?? { ...facts.result, ...judgementOf(performance) },
    consistency: consistency ?? facts.consistency,
    ...(performance === undefined ? {} : { performance }),
    paths,
    ...runDirOf(paths),
    missing,
    ...(status === 'interrupted' ? { interruption: interruptionOf(state, until) } : {}),
    ...(damage === undefined ? {} : { damage }),
    notices: [damage, newer, told].filter((notice) => notice !== undefined),
  };
}

function runDirOf({ runDir }: RunPaths): Pick<RunReport, 'runDir'> {
  return isRunDirInUse(runDir) ? { runDir } : {};
}

function asWarning(damage: Diagnostic | undefined): Diagnostic | undefined {
  return damage && { ...damage, severity: 'warning' };
}

/** What the events alone do not tell: how the run stood to its SLAs and to earlier runs. */
function judgementOf(record: PerformanceRecord | undefined): Partial<RunSummary> {
  if (record === undefined) return {};
  const { verdict, slas, missed_slas, regressions } = record;
  return {
    verdict,
    ...(slas === undefined ? {} : { slas }),
    ...(missed_slas === undefined ? {} : { missed_slas }),
    ...(regressions === undefined ? {} : { regressions }),
  };
}

/** Without output, which only the logs have. */
function factsOf(stored: StoredRun, until: EpochMs) {
  const { paths, damage } = stored;
  const waits = createWaitMeter();
  const state = foldRun(stored, waits.onEvent);
  const lookup = {
    tail: () => ({ stdout: '', stderr: '' }),
    logPath: (task: TaskResult['task'], attempt: number) => existingLog(attemptLogPath(paths.tasks, task, attempt)),
  };
  const result = runResult(state, lookup, until, waits.times());
  const consistency = consistencyReport(state, until);
  const params = paramsOf(state.options.params);
  if (damage === undefined) return { state, result, consistency, ...params };
  // A task may have ended in the part that cannot be read.
  const why = damage.code === 'run/newer-journal' ? 'a newer etl-tui wrote the journal' : 'the journal is damaged';
  const results = result.results.map((row, index) =>
    isOutcome(entryAt(state.tasks, index).state) ? row : { ...row, error: `unknown: ${why}` },
  );
  return { state, result: { ...result, results }, consistency, ...params };
}

function paramsOf(params: PerformanceRecord['params']): Pick<RunReport, 'params'> {
  return params === undefined ? {} : { params };
}
