import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../database/database.ts';
import { hideSecretsInText } from '../../masking/find-secrets-in-text.ts';
import { maskDiagnostic } from '../../masking/mask-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { AttemptRef, RunId, TaskId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { RerunReason } from '../../model/run/resume-decision.ts';
import type { AttemptObserver, Clock, Executor, Journal, OutputLog } from '../../ports.ts';
import type { ExitVerdict } from '../../results/causes/exit-verdict.ts';
import { removeLog } from '../../storage/logs/remove-log.ts';
import type { ClosedRunDir } from '../../storage/runs/run-dir.ts';
import type { NewRun } from '../../storage/runs/run-directory.ts';
import { newRunId } from '../../storage/runs/run-id.ts';
import type { RunLock } from '../../storage/runs/run-lock.ts';
import type { RunPaths } from '../../storage/runs/run-paths.ts';
import { encodePipeline } from '../../storage/runs/stored-pipeline.ts';
import { refuseIsolation } from '../preflight/refuse-isolation.ts';
import { maxConcurrentAttempts } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import { changedSinceThen } from '../resume/changed-files.ts';
import { endSessionsOf, refuseOtherDatabase } from '../resume/former-database.ts';
import type { ResumableRun } from '../resume/resumable-run.ts';
import { adoptedIn, resumeDecisions, whatGoesOn } from '../resume/what-goes-on.ts';
import { type Closers, closingTimes } from './closers.ts';
import { lockWhenFree } from './lock-when-free.ts';
import type { RunAdapters } from './run-adapters.ts';
import { maskRun, type RunMasking } from './run-masking.ts';

/** What a run holds while it is open; all of it is registered with the closers of the run. */
export type RunParts = {
  readonly run: RunId;
  readonly clock: Clock;
  readonly lock: RunLock;
  /** Undefined when the run needs none. */
  readonly database: Database | undefined;
  readonly masking: RunMasking;
  readonly files: RunPaths;
  /** Absolute: what tasks find in ETL_RUN_DIR. */
  readonly runDir: string;
  /** Removes it when nobody needs its files any more: when every task has done its work. */
  readonly closeRunDir: (verdict: ExitVerdict) => Promise<ClosedRunDir>;
  readonly journal: Journal;
  /** The number of its pipeline among those that are stored with it. */
  readonly planNumber: number;
  /** Of a run that is resumed, see `findChangedFiles`. */
  readonly changedFiles: ReadonlyMap<TaskId, RerunReason>;
  readonly logs: OutputLog;
  readonly executor: Executor;
  /** Masks what it passes on to the caller. */
  readonly onWarning: (warning: Diagnostic) => void;
};

/**
 * Acquires the parts of a run in their order: the lock of its pipeline, the database, its directory, journal and logs, the
 * executor. After an error the caller closes what `closers` holds by then.
 */
export async function acquireParts(
  request: RunRequest,
  adapters: RunAdapters,
  closers: Closers,
): Promise<Result<RunParts, Diagnostic>> {
  const { plan, logDir, resume } = request;
  const clock = adapters.clock();
  let run = resume?.run ?? newRunId(clock.now(), Math.random);

  const { onProgress, ...quiet } = request;
  const take = (isFirst: boolean) => {
    // It begins when it has the lock, which may be hours later.
    if (!isFirst && resume === undefined) run = newRunId(clock.now(), Math.random);
    return adapters.lockRun({ ...(isFirst ? request : quiet), pipeline: plan.pipeline.name }, run);
  };
  const lock = await lockWhenFree(take, request.wait, onProgress);
  if (!lock.ok) return lock;
  closers.add('its lock', lock.value.release);

  const found = await adapters.openDatabase(request, run);
  if (!found.ok) return found;
  const { database, env } = found.value;
  closers.add('the database', () => database?.close(), closingTimes.databaseMs);
  const other = resume === undefined ? undefined : refuseOtherDatabase(resume, database);
  if (other !== undefined) return failed(other);

  const masking = maskRun(request, database?.secrets ?? []);
  const onWarning = (warning: Diagnostic) => request.onWarning?.(maskDiagnostic(warning, masking.mask));
  for (const warning of masking.warnings) onWarning(warning);
  const text = masking.mask(hideSecretsInText(request.pipelineText));
  const stored = encodePipeline(masking.plan);
  const pipeline = { text, stored, planHash: plan.hash };
  const opened = await openStorage({ logDir, run, pipeline }, resume, adapters);
  if (!opened.ok) return opened;
  const { files, journal, planNumber } = opened.value;
  closers.add('its journal', () => journal.close());
  if (resume?.damage !== undefined) onWarning({ ...resume.damage, hint: cutOffHint });
  lock.value.startHeartbeat(files.directory);

  const runDir = request.runDir ?? files.runDir;
  const made = request.runDir === undefined ? adapters.openRunDir(runDir) : ok(undefined);
  if (!made.ok) return made;

  const logs = adapters.openLogs(files.tasks, onWarning, resume !== undefined, clock.now);
  closers.add('its logs', () => logs.close());

  const directory = join(files.directory, 'tmp');
  if (resume !== undefined) await rm(directory, { recursive: true, force: true });
  closers.add('its temporary directory', () => rm(directory, { recursive: true, force: true }));
  const slots = maxConcurrentAttempts(request);
  const { secrets, namedSecrets } = masking;
  const { projectDir } = request;
  const ofDatabase = () => database?.environment;
  const executor = await adapters.openExecutor({
    ...{ run, env, secrets, namedSecrets, directory, slots, projectDir, database: ofDatabase, onWarning },
  });
  if (!executor.ok) return executor;
  closers.add('its tasks', () => executor.value.close(journal.isFenced?.() === true), closingTimes.executorMs(plan));
  const round = resume === undefined ? 0 : 1 + (resume.state.continued?.times ?? 0);
  const refusal = await refuseIsolation(plan, run, executor.value, { round });
  if (refusal !== undefined) return failed(refusal);
  const roots = { runDir, masking };
  const changedFiles = resume === undefined ? new Map() : await changedSinceThen(request, resume, adapters, roots);
  const runsElsewhere = executor.value.runs === 'elsewhere';
  const decisions =
    resume !== undefined && runsElsewhere ? resumeDecisions(request, resume, masking, changedFiles, runsElsewhere) : {};
  const goesOn = whatGoesOn(decisions);
  const left = new Set([lock.value.deadRun, resume?.run].filter((one) => one !== undefined));
  for (const former of left) {
    const unknown = await endAttemptsOf(former, executor.value, goesOn, onWarning);
    if (unknown !== undefined) return failed(unknown);
  }
  if (resume !== undefined) await endSessionsOf(resume, database, goesOn);
  for (const { task, attempt } of adoptedIn(decisions)) removeLog(files.tasks, task, attempt);
  if (request.leaveOut?.preflight !== true) {
    for (const warning of await adapters.preflight(request, run, database, env)) onWarning(warning);
  }

  return ok({
    run,
    clock,
    lock: lock.value,
    database,
    masking,
    files,
    runDir,
    closeRunDir: async (verdict) =>
      request.runDir === undefined
        ? adapters.closeRunDir(runDir, verdict === 'success' || verdict === 'sla-missed')
        : { warnings: [] },
    journal,
    planNumber,
    changedFiles,
    logs,
    executor: executor.value,
    onWarning,
  });
}

const cutOffHint = 'the run continues from the valid part; the rest is kept in journal.jsonl.corrupt';

/** A new directory with a new journal, or those of the run that is carried on with. */
async function openStorage(
  run: NewRun,
  resume: ResumableRun | undefined,
  adapters: RunAdapters,
): Promise<Result<Pick<RunParts, 'files' | 'journal' | 'planNumber'>, Diagnostic>> {
  if (resume !== undefined) {
    const planHashes = resume.plans.map(({ hash }) => hash);
    const continued = await adapters.continueRun({ ...run, planHashes, events: resume.events.length });
    if (!continued.ok) return continued;
    const { plan: planNumber, ...opened } = continued.value;
    return ok({ ...opened, planNumber });
  }
  const files = adapters.createDirectory(run);
  if (!files.ok) return files;
  const journal = adapters.openJournal(files.value.journal);
  return journal.ok ? ok({ files: files.value, journal: journal.value, planNumber: 1 }) : journal;
}

/**
 * Two runs would load the same tables: what a run that was cut off has left running is ended before this one starts, but for what
 * goes on as a part of it. Returns the error when nobody knows whether anything of it runs.
 */
async function endAttemptsOf(
  run: RunId,
  executor: Executor,
  goesOn: (ref: AttemptRef) => boolean,
  onWarning: (warning: Diagnostic) => void,
): Promise<Diagnostic | undefined> {
  const found = await executor.adopt(run, () => ignoringObserver, goesOn);
  if (!found.ok) return found.error;
  if (found.value.length === 0) return undefined;
  const tasks = found.value.map(({ task }) => task);
  onWarning({
    code: 'run/tasks-left-running',
    severity: 'warning',
    message: `run ${run} was interrupted, and some of its tasks were still running: ${tasks.toSorted().join(', ')}`,
    hint: 'they were stopped so that they do not load the same tables as this run',
  });
  return undefined;
}

const ignoringObserver: AttemptObserver = {
  spawned: () => undefined,
  output: () => undefined,
  reported: () => undefined,
  exited: () => undefined,
};
