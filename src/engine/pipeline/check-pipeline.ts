import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { clientEnvironment } from '../database/connection/libpq-variables.ts';
import type { Database } from '../database/database.ts';
import { openLocalExecutor } from '../executors/local/local-executor.ts';
import { openDatabase } from '../lazy-database.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { CheckResult } from '../model/run/check-result.ts';
import type { CheckState } from '../model/run/run-state.ts';
import { makeTemporaryDirectory } from '../platform/private-files.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { CheckRunner } from '../ports.ts';
import { type ConsistencyReport, consistencyReport } from '../results/files/consistency-report.ts';
import { pastCheckValues } from '../results/learning/past-check-values.ts';
import { checkRequests } from '../run/attempts/attempt-requests.ts';
import { askAgain } from '../run/checks/ask-again.ts';
import { commandChecks } from '../run/checks/command-checks.ts';
import { composeChecks } from '../run/checks/compose-checks.ts';
import { type Closers, closingTimes, createClosers } from '../run/parts/closers.ts';
import { checksUseDatabase } from '../run/parts/open-run-database.ts';
import { maskRun, type RunMasking } from '../run/parts/run-masking.ts';
import { maskedParams } from '../run/request/run-options.ts';
import type { RunRequest } from '../run/request/run-request.ts';
import { recentPerformance } from '../runs/past-performance.ts';
import { maxConcurrentChecks } from '../scheduler/capacity/check-sessions.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import { writeError } from '../storage/fs/cannot-write.ts';
import { newRunId } from '../storage/runs/run-id.ts';

export type CheckRequest = Pick<
  RunRequest,
  'plan' | 'pipelinePath' | 'projectDir' | 'logDir' | 'env' | 'envFiles' | 'params' | 'onProgress' | 'onWarning'
> & {
  /** Told of each check as it is answered. */
  readonly onChecked?: (result: CheckResult) => void;
  /** Once aborted, what still runs is ended, and the report has what was answered by then. */
  readonly stop?: AbortSignal;
};

/**
 * Asks all checks of a plan, whatever its tasks have done; no task is run and no record is written. A database is opened
 * only when a check asks one. Errors: those of `openDatabase`, `run/no-shell`, `run/cannot-write`.
 */
export async function checkPipeline(request: CheckRequest): Promise<Result<ConsistencyReport, Diagnostic>> {
  const { plan, logDir, params, onWarning, onChecked, stop } = request;
  const clock = systemClock();
  const run = newRunId(clock.now(), Math.random);
  const unlimited = initialState(plan, { run, seed: 0, maxParallel: 1, sequential: false, runChecks: true });
  if (plan.checks.length === 0) return ok(consistencyReport(unlimited, clock.now()));
  const closers = createClosers();
  try {
    const database = await openCheckDatabase(request, run);
    if (!database.ok) return database;
    if (database.value !== undefined) closers.add('the database', database.value.close, closingTimes.databaseMs);
    const masking = maskRun(request, database.value?.secrets ?? []);
    const commands = openCommands(request, run, database.value, masking, closers);
    if (!commands.ok) return commands;
    const connectionBudget = database.value?.budget(plan.pipeline.limits.dbConnections);
    const state =
      connectionBudget === undefined
        ? unlimited
        : { ...unlimited, options: { ...unlimited.options, connectionBudget } };
    const records = await recentPerformance(logDir, plan.pipeline.name);
    const shownParams = maskedParams({ plan, params }, masking.mask);
    const runner = masking.checks(
      composeChecks({
        database: database.value?.checks,
        commands: commands.value,
        pastOf: ({ name, definition }) => pastCheckValues(records, { check: name, kind: definition.kind }, shownParams),
        maxOnDatabase: () => maxConcurrentChecks(state),
      }),
    );
    const checks: CheckState[] = plan.checks.map(() => ({ kind: 'waiting' }));
    const answers = plan.checks.map(async ({ spec, index }) => {
      const result = await askAgain(runner, spec, stop);
      if (stop?.aborted) return;
      onChecked?.(result);
      checks[index] = { kind: 'done', result };
    });
    await Promise.race([Promise.all(answers), aborted(stop)]);
    return ok(consistencyReport({ ...state, checks }, clock.now()));
  } finally {
    for (const warning of await closers.closeAll()) onWarning?.(warning);
  }
}

/** Never resolves without a signal. */
function aborted(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted) resolve();
    stop?.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function openCheckDatabase(
  { plan, projectDir, env, onProgress, onWarning }: CheckRequest,
  run: RunId,
): Promise<Result<Database | undefined, Diagnostic>> {
  if (!checksUseDatabase(plan)) return ok(undefined);
  return openDatabase({
    projectDir,
    env,
    applicationName: `etl-tui:check:${run}`,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onWarning === undefined ? {} : { onWarning }),
  });
}

/** What runs the checks that are commands; nothing is opened for a plan without any. */
function openCommands(
  { plan, pipelinePath, projectDir, env, params }: CheckRequest,
  run: RunId,
  database: Database | undefined,
  masking: RunMasking,
  closers: Closers,
): Result<CheckRunner, Diagnostic> {
  if (!plan.checks.some(({ spec }) => spec.definition.kind === 'command')) return ok(noCommands);
  const made = makeOwnDirectory();
  if (!made.ok) return made;
  const directory = made.value;
  closers.add('its temporary directory', () => rmSync(directory, { recursive: true, force: true }));
  const executor = openLocalExecutor({
    env: database === undefined ? env : clientEnvironment(env, {}),
    secrets: masking.secrets,
    directory,
    slots: 1,
  });
  if (!executor.ok) return executor;
  closers.add('its commands', executor.value.close);
  const requestOf = checkRequests({
    pipeline: plan.pipeline,
    run,
    projectDir,
    pipelineDir: dirname(pipelinePath),
    // There is no run, so that nothing is in it.
    runDir: runDirIn(directory),
    params,
    environment: env,
    ...(database === undefined ? {} : { databaseEnv: database.taskEnvironment }),
  });
  return ok(
    commandChecks({
      executor: executor.value,
      clock: systemClock(),
      requestOf,
      ...(database === undefined ? {} : { sessions: database.sessions }),
    }),
  );
}

function makeOwnDirectory(): Result<string, Diagnostic> {
  const place = tmpdir();
  try {
    const directory = makeTemporaryDirectory(join(place, 'etl-tui-check-'));
    mkdirSync(runDirIn(directory), { mode: 0o700 });
    return ok(directory);
  } catch (error) {
    return failed(writeError(place, error, 'set TMPDIR to another directory'));
  }
}

function runDirIn(directory: string): string {
  return join(directory, 'run');
}

/** Never called. */
const noCommands: CheckRunner = {
  run: (check) => Promise.reject(new Error(`check "${check.name}" has no command`)),
};
