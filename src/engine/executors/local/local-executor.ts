import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileSecrets } from '../../masking/compile-secrets.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { makeDirectories } from '../../platform/make-directories.ts';
import type { Executor, OutputLog } from '../../ports.ts';
import { Attempt } from './attempt.ts';
import { startGuardian } from './cleanup/guardian.ts';
import { openProcessTable } from './cleanup/process-table.ts';
import { findBash } from './find-bash.ts';
import { createPipeSource } from './output/output-pipes.ts';
import { type ShellPrograms, writeShellPrograms } from './slots/shell-programs.ts';
import { createSlotPool } from './slots/slot-pool.ts';
import { taskEnvironment } from './task-environment.ts';

const reportsEveryMs = 250;
const markName = 'ETL_TUI_MARK';

export type LocalExecutorOptions = {
  /** What every task gets, but for the variables that control etl-tui itself; bash is looked for on its PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Replaced by `***` wherever a task or a message shows them, in the shapes of `compileSecrets`. */
  readonly secrets: readonly string[];
  readonly log: OutputLog;
  /** Absolute, and made when it does not exist. A private directory in it holds what tasks report, and
   * the programs of our shells. */
  readonly directory: string;
};

/**
 * Runs attempts as processes of this machine. Fails with `run/no-shell` when there is no bash, which does not only run
 * what is written for a shell: it starts, and guards, every task.
 */
export async function openLocalExecutor(options: LocalExecutorOptions): Promise<Result<Executor, Diagnostic>> {
  const { env, log } = options;
  const bash = findBash(env);
  if (bash === undefined) return failed(noShell);
  const made = makeOwnDirectory(options.directory);
  if (!made.ok) return made;
  const { directory, programs } = made.value;
  const runMark = randomBytes(8).toString('hex');
  const { inherited, ordered } = taskEnvironment(env);
  const guardian = startGuardian(bash, programs, `${markName}=${runMark}.`, env['PATH'] ?? '');
  const ours = new Set<number>();
  const pool = createSlotPool({ bash, programs, env: inherited, pipes: createPipeSource(), guardian, ours });
  const processes = openProcessTable();
  const surroundings = { bash, pool, log, secrets: compileSecrets(options.secrets), ours, processes };
  const running = new Set<Attempt>();
  let started = 0;
  let reports: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  let lastIsOver: () => void = () => undefined;

  const ended = (attempt: Attempt) => {
    running.delete(attempt);
    if (running.size === 0) lastIsOver();
  };

  /** One timer for all, which runs on for a moment when the last attempt is over: the next one is often near. */
  const followReports = () => {
    reports ??= setInterval(() => {
      for (const attempt of running) attempt.readReport();
      if (running.size > 0) return;
      clearInterval(reports);
      reports = undefined;
    }, reportsEveryMs);
  };

  const close = async () => {
    const lastOver = new Promise<void>((resolve) => {
      lastIsOver = resolve;
    });
    for (const attempt of running) attempt.close();
    if (running.size > 0) await lastOver;
    clearInterval(reports);
    await pool.close();
    await guardian.dismiss();
    processes.close();
    rmSync(directory, { recursive: true, force: true });
  };

  return ok({
    start: (request, observer) => {
      const number = started++;
      const mark = `${runMark}.${number}`;
      const reportPath = join(directory, `report-${number}`);
      const attempt: Attempt = new Attempt(
        surroundings,
        request,
        { mark: `${markName}=${mark}`, reportPath },
        observer,
        () => ended(attempt),
      );
      running.add(attempt);
      followReports();
      guardian.allow(request.killGraceMs);
      if (closing === undefined) {
        attempt.start({ ...ordered, ...request.env, ETL_TASK_REPORT: reportPath, [markName]: mark });
      } else attempt.close();
      return attempt;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  });
}

const noShell: Diagnostic = {
  code: 'run/no-shell',
  severity: 'error',
  message: 'bash was not found on the PATH',
  hint: 'install bash, or add its directory to PATH; every task is started through it, commands written as lists too',
};

type OwnDirectory = { readonly directory: string; readonly programs: ShellPrograms };

/** Of a name that no executor had before: what a killed one has left there must not pass for ours. */
function makeOwnDirectory(parent: string): Result<OwnDirectory, Diagnostic> {
  try {
    makeDirectories(parent, 0o700);
    const directory = mkdtempSync(join(parent, 'tasks-'));
    return ok({ directory, programs: writeShellPrograms(directory) });
  } catch (error) {
    return failed({
      code: 'run/cannot-write',
      severity: 'error',
      message: `nothing can be written in "${parent}": ${(error as Error).message}`,
      hint: 'make the directory writable for your user, or choose another place with --log-dir',
    });
  }
}
