import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openLocalExecutor } from '../executors/local/local-executor.ts';
import { hideWrittenSecrets } from '../masking/find-written-secrets.ts';
import { maskDiagnostic } from '../masking/mask-plan.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { stateDirectory } from '../platform/state-directory.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { CheckRunner, OutputTail } from '../ports.ts';
import { type ExitVerdict, exitVerdict } from '../results/exit-verdict.ts';
import { pastPerformance } from '../runs/past-performance.ts';
import { createEffectPerformer } from '../runtime/perform-effects.ts';
import { createRunLoop } from '../runtime/run-loop.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import { cannotWrite } from '../storage/fs/cannot-write.ts';
import { openOutputFiles } from '../storage/fs/output-files.ts';
import { openJournal } from '../storage/journal/journal.ts';
import { openLogReader } from '../storage/logs/log-reader.ts';
import { openOutputLog } from '../storage/logs/output-log.ts';
import { claimRun } from '../storage/runs/run-claim.ts';
import { createRunDirectory } from '../storage/runs/run-directory.ts';
import { newRunId } from '../storage/runs/run-id.ts';
import type { RunPaths } from '../storage/runs/run-paths.ts';
import { encodePipeline } from '../storage/runs/stored-pipeline.ts';
import { attemptRequests } from './attempt-requests.ts';
import { closingTimes, createClosers } from './closers.ts';
import { openRunDatabase } from './open-run-database.ts';
import { createResultWriter } from './result-writer.ts';
import { maskRun } from './run-masking.ts';
import { runOptions } from './run-options.ts';
import { maxPastRuns, type RunSource } from './run-source.ts';
import { startWhenReady } from './start-when-ready.ts';
import { watchResources } from './watch-resources.ts';
import { type RunFiles, writeRunFiles } from './write-run-files.ts';

export type RunRequest = {
  readonly plan: Plan;
  /** Absolute: tasks find what lies beside the pipeline file by its directory. */
  readonly pipelinePath: string;
  /** As it was read; a copy is kept with the run. */
  readonly pipelineText: string;
  /** Absolute: tasks run here, and their outputs lie below. */
  readonly projectDir: string;
  /** Absolute. */
  readonly logDir: string;
  /** Our own environment: tasks inherit it, and it may name the database. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By name, as `resolveParams` gives them. */
  readonly params: ReadonlyMap<string, string>;
  /** One task at a time, and nothing new after the first failure. */
  readonly sequential: boolean;
  /** Instead of the pipeline's own limit. */
  readonly maxParallel?: number;
  readonly runChecks: boolean;
  /** Told what takes long before the run begins, in lines for people. */
  readonly onProgress?: (line: string) => void;
  /** Told of misfortunes beside the run: the database went away, the journal cannot be written. */
  readonly onWarning?: (warning: Diagnostic) => void;
};

/** A live run: opened, and started by `start`. */
export type OpenRun = RunSource & {
  /** For messages, without secrets; undefined when the run needs no database. */
  readonly database: string | undefined;
  readonly files: RunPaths;
  start(): void;
  /** Resolves when the run is over, or cannot go on. */
  readonly finished: Promise<RunState>;
  /** The last of an attempt's output, masked. */
  tail(task: TaskId, attempt: number): OutputTail;
  /** Ends what still runs, writes the results (as at each earlier end of the run) and releases everything. */
  close(): Promise<RunFiles & { readonly verdict: ExitVerdict }>;
};

/**
 * Opens all that a run needs: the lock of its pipeline, the database, its directory and journal, the executor. Nothing
 * is started. Errors: `run/locked`, `run/cannot-write`, `run/no-shell`, and those of `openDatabase`; what had been
 * opened before the error is closed again.
 */
export async function openRun(request: RunRequest): Promise<Result<OpenRun, Diagnostic>> {
  const { plan, projectDir, logDir } = request;
  const clock = systemClock();
  const run = newRunId(clock.now(), Math.random);
  const closers = createClosers();
  const giveUp = async (error: Diagnostic) => {
    for (const warning of await closers.closeAll()) request.onWarning?.(warning);
    return failed(error);
  };

  const place = stateDirectory(projectDir, request.env);
  if (place.isMoved)
    request.onProgress?.(`the project cannot be written: its lock and its own database lie in ${place.path}`);
  const claim = claimRun(projectDir, place, { run, pipeline: plan.pipeline.name });
  if (!claim.ok) return claim;
  closers.add('its lock', claim.value.release);
  const found = await openRunDatabase(request, run);
  if (!found.ok) return giveUp(found.error);
  const { database, env } = found.value;
  closers.add('the database', () => database?.close(), closingTimes.databaseMs);
  const masking = maskRun(request, database?.secrets ?? []);
  const onWarning = (warning: Diagnostic) => request.onWarning?.(maskDiagnostic(warning, masking.mask));
  for (const warning of masking.warnings) onWarning(warning);
  const text = masking.mask(hideWrittenSecrets(request.pipelineText));
  const stored = encodePipeline(masking.plan.pipeline);
  const files = createRunDirectory({ logDir, run, pipeline: { text, stored, planHash: plan.hash } });
  if (!files.ok) return giveUp(files.error);
  claim.value.own(files.value.directory);
  const journal = openJournal(files.value.journal);
  if (!journal.ok) return giveUp(journal.error);
  closers.add('its journal', () => journal.value.close());
  const output = openOutputLog(files.value.tasks, onWarning);
  closers.add('its logs', () => output.close());
  const directory = join(files.value.directory, 'tmp');
  const executor = await openLocalExecutor({ env, secrets: masking.secrets, log: output, directory });
  if (!executor.ok) return giveUp(executor.error);
  closers.add('its temporary directory', () => rm(directory, { recursive: true, force: true }));
  closers.add('its tasks', () => executor.value.close(), closingTimes.executorMs(plan));

  const outputs = openOutputFiles(projectDir);
  const remembering = startWhenReady(executor.value, ({ task }) => {
    const promised = plan.tasks[plan.indexOf.get(task)!]!.spec.outputs;
    return promised.length === 0 ? undefined : outputs.remember(task, promised);
  });
  const performer = createEffectPerformer(
    {
      clock,
      executor: startWhenReady(remembering, () => database?.ready()),
      checks: masking.checks(database?.checks ?? noDatabase),
      outputs,
      ...(database === undefined ? {} : { sessions: database.sessions }),
    },
    attemptRequests({
      plan,
      run,
      projectDir,
      pipelineDir: dirname(request.pipelinePath),
      params: request.params,
      environment: request.env,
      ...(database === undefined ? {} : { databaseEnv: database.taskEnvironment }),
    }),
  );
  const loop = createRunLoop({
    initial: initialState(masking.plan, runOptions(request, run, database, masking.mask)),
    clock,
    journal: journal.value,
    perform: performer.perform,
    beforeReopen: () => {
      const refusal = claim.value.retake();
      return refusal && (refusal.holder ?? refusal.message);
    },
    onBroken: (error) => onWarning(cannotWrite(files.value.journal, error.cause ?? error)),
  });
  // Progress is most of what happens, and says nothing of how long things took.
  const events: RunEvent[] = [];
  loop.subscribe((event) => {
    if (event.type !== 'task.progressed') events.push(event);
  });
  const resources = watchResources({
    run,
    clock,
    database,
    onWarning,
  });
  loop.subscribe(resources.onEvent);
  closers.add('its measurements', resources.stop);
  database?.onLost(onWarning);
  const lookup = { tail: output.tail, logPath: output.path };
  const results = createResultWriter(loop, (state) =>
    writeRunFiles(state, events, lookup, files.value, clock.now(), resources.peaks()),
  );

  // A screen may stay open for hours after the end; others do not have to wait for it.
  loop.subscribe((event) => {
    if (event.type !== 'run.finished') return;
    void results.settled().then(() => {
      if (loop.state().phase.kind === 'finished') claim.value.release();
    });
  });

  return ok({
    run,
    database: database?.description,
    files: files.value,
    subscribe: loop.subscribe,
    state: loop.state,
    start: () => void loop.dispatch({ type: 'start' }),
    intend: loop.dispatch,
    killNow: performer.killAll,
    finished: loop.finished,
    tail: output.tail,
    logPath: output.path,
    now: clock.now,
    samples: resources.samples,
    openLog: (task, attempt) => openLogReader(output.path(task, attempt)),
    pastRuns: async () => {
      await results.settled();
      return pastPerformance(logDir, plan.pipeline.name, maxPastRuns);
    },
    close: async () => {
      performer.stop();
      const written = await results.finish();
      const warnings = [...written.warnings, ...(await closers.closeAll())];
      // However its tasks went, what is on the disk does not say so.
      const verdict = loop.isBroken() ? 'task-failed' : exitVerdict(loop.state());
      return { ...written, warnings, verdict };
    },
  });
}

/** Stands where no check will ask: a plan with checks has a database. */
const noDatabase: CheckRunner = {
  run: (check) => Promise.reject(new Error(`check "${check.name}" was asked without a database`)),
};
