import { resolve } from 'node:path';
import { displayText, type EpochMs, type OpenRun, openRun, type RunRequest } from '../engine/index.ts';
import { exitCodeOf, signalExitCodes } from './exit-code.ts';
import type { Invocation, LookOptions } from './invocation.ts';
import { createReporter, type ReporterName } from './reporters/create-reporter.ts';
import { junitReport } from './reporters/junit-report.ts';
import { showDiagnostics } from './show-diagnostics.ts';
import { shownPath } from './shown-path.ts';
import { type RunStopper, stopRunOnSignal } from './stop-run.ts';
import { createStyle } from './style.ts';
import { writeWholeFile } from './write-whole-file.ts';

type FollowOptions = LookOptions & { readonly reporter: ReporterName; readonly junit?: string };

const remindEveryMs = 5_000;

/** Opens a run, lets a reporter tell of it, and returns the exit code when its files are written. */
export async function followRun(request: RunRequest, options: FollowOptions, invocation: Invocation): Promise<number> {
  const { out } = invocation;
  // The terminal has shown ^C; what comes next begins a line of its own.
  const stopper = stopRunOnSignal((signal) => out.write(signal === 'SIGINT' && out.isTerminal ? '\n' : ''));
  try {
    const opened = await openRun(request);
    if (!opened.ok) return showDiagnostics([opened.error], options, invocation);
    return await follow(opened.value, stopper, options, invocation);
  } finally {
    stopper.release();
  }
}

async function follow(
  run: OpenRun,
  stopper: RunStopper,
  options: FollowOptions,
  invocation: Invocation,
): Promise<number> {
  const { cwd, env, out } = invocation;
  const reporter = createReporter(options.reporter, {
    run: run.run,
    database: run.database,
    style: createStyle({ ...options, env, isTerminal: out.isTerminal }),
    write: out.write,
    tail: run.tail,
    logPath: run.logPath,
    shown: (path) => displayText(shownPath(path, cwd)),
  });
  run.subscribe(reporter.report);
  const reminder = setInterval(() => reporter.remind(Date.now() as EpochMs, run.state()), remindEveryMs);
  stopper.attach(run);
  run.start();
  // Somebody changed their mind while the run was being opened.
  if (stopper.signal() !== undefined) run.intend({ type: 'cancel' });
  const state = await run.finished;
  clearInterval(reminder);
  const { verdict } = await run.close();
  const signal = stopper.signal();
  const exitCode = signal !== undefined && verdict === 'cancelled' ? signalExitCodes[signal] : exitCodeOf(verdict);
  if (options.junit !== undefined) {
    const written = writeWholeFile(resolve(cwd, options.junit), junitReport(state, run.tail));
    if (!written.ok) showDiagnostics([written.error], options, invocation);
  }
  reporter.conclude({ state, verdict, exitCode, files: run.files });
  return exitCode;
}
