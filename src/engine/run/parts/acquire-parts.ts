import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../database/database.ts';
import { hideSecretsInText } from '../../masking/find-secrets-in-text.ts';
import { maskDiagnostic } from '../../masking/mask-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { AttemptObserver, Clock, Executor, Journal, OutputLog } from '../../ports.ts';
import { newRunId } from '../../storage/runs/run-id.ts';
import type { RunLock } from '../../storage/runs/run-lock.ts';
import type { RunPaths } from '../../storage/runs/run-paths.ts';
import { encodePipeline } from '../../storage/runs/stored-pipeline.ts';
import { refuseIsolation } from '../preflight/refuse-isolation.ts';
import { maxConcurrentAttempts } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import { type Closers, closingTimes } from './closers.ts';
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
  readonly journal: Journal;
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
  const { plan, logDir } = request;
  const clock = adapters.clock();
  const run = newRunId(clock.now(), Math.random);

  const lock = adapters.lockRun({ ...request, pipeline: plan.pipeline.name }, run);
  if (!lock.ok) return lock;
  closers.add('its lock', lock.value.release);

  const found = await adapters.openDatabase(request, run);
  if (!found.ok) return found;
  const { database, env } = found.value;
  closers.add('the database', () => database?.close(), closingTimes.databaseMs);

  const masking = maskRun(request, database?.secrets ?? []);
  const onWarning = (warning: Diagnostic) => request.onWarning?.(maskDiagnostic(warning, masking.mask));
  for (const warning of masking.warnings) onWarning(warning);
  const text = masking.mask(hideSecretsInText(request.pipelineText));
  const stored = encodePipeline(masking.plan.pipeline);
  const files = adapters.createDirectory({ logDir, run, pipeline: { text, stored, planHash: plan.hash } });
  if (!files.ok) return files;
  lock.value.startHeartbeat(files.value.directory);

  const journal = adapters.openJournal(files.value.journal);
  if (!journal.ok) return journal;
  closers.add('its journal', () => journal.value.close());

  const logs = adapters.openLogs(files.value.tasks, onWarning);
  closers.add('its logs', () => logs.close());

  const directory = join(files.value.directory, 'tmp');
  closers.add('its temporary directory', () => rm(directory, { recursive: true, force: true }));
  const slots = maxConcurrentAttempts(request);
  const executor = adapters.openExecutor({ env, secrets: masking.secrets, directory, slots });
  if (!executor.ok) return executor;
  closers.add('its tasks', () => executor.value.close(), closingTimes.executorMs(plan));
  const refusal = await refuseIsolation(plan, run, executor.value);
  if (refusal !== undefined) return failed(refusal);
  const { deadRun } = lock.value;
  if (deadRun !== undefined) await endAttemptsOf(deadRun, executor.value, onWarning);
  if (request.leaveOut?.preflight !== true) {
    for (const warning of await adapters.preflight(request, run, database, env)) onWarning(warning);
  }

  return ok({
    run,
    clock,
    lock: lock.value,
    database,
    masking,
    files: files.value,
    journal: journal.value,
    logs,
    executor: executor.value,
    onWarning,
  });
}

/** Two runs would load the same tables: what a run that was cut off has left running is ended before this one starts. */
async function endAttemptsOf(run: RunId, executor: Executor, onWarning: (warning: Diagnostic) => void): Promise<void> {
  const found = await executor.adopt(run, () => ignoringObserver);
  if (found.length === 0) return;
  onWarning({
    code: 'run/tasks-left-running',
    severity: 'warning',
    message: `run ${run} was interrupted, and these of its tasks were still running: ${found.map(({ task }) => task).join(', ')}`,
    hint: 'they were ended, so that they do not load the same tables as this run',
  });
}

const ignoringObserver: AttemptObserver = {
  spawned: () => undefined,
  output: () => undefined,
  reported: () => undefined,
  exited: () => undefined,
};
