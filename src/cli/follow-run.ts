import { resolve } from 'node:path';
import {
  type Diagnostic,
  displayText,
  type EpochMs,
  type OpenRun,
  openRun,
  type RunEvent,
  type RunRequest,
} from '../engine/index.ts';
import type { UiOptions } from '../ui/run-ui.tsx';
import type { Capabilities } from '../ui/terminal/capabilities.ts';
import { exitCodeOf, signalExitCodes } from './exit-code.ts';
import type { Invocation, LookOptions } from './invocation.ts';
import { createReporter, type ReporterName } from './reporters/create-reporter.ts';
import { junitReport } from './reporters/junit-report.ts';
import type { Reporter, Scene } from './reporters/reporter.ts';
import { screenSummary } from './reporters/screen-summary.ts';
import { showDiagnostics } from './show-diagnostics.ts';
import { shownPath } from './shown-path.ts';
import { type RunStopper, stopRunOnSignal } from './stop-run.ts';
import { createStyle } from './style.ts';
import { writeWholeFile } from './write-whole-file.ts';

type FollowOptions = LookOptions & { readonly reporter: ReporterName; readonly junit?: string };

const remindEveryMs = 5_000;

/**
 * Opens a run, lets a reporter or a screen tell of it, and returns the exit code when its files are written.
 * @param screen what the terminal can do, when the run is to be shown on a whole screen
 */
export async function followRun(
  request: RunRequest,
  options: FollowOptions,
  invocation: Invocation,
  screen?: Capabilities,
): Promise<number> {
  const { out } = invocation;
  const stopping = new AbortController();
  const stopper = stopRunOnSignal((signal) => {
    // The terminal has shown ^C; what comes next begins a line of its own.
    if (screen === undefined) out.write(signal === 'SIGINT' && out.isTerminal ? '\n' : '');
    stopping.abort();
  });
  try {
    const troubles = new Set<(trouble: Diagnostic) => void>();
    const opened = await openRun({
      ...request,
      onTrouble: (trouble) => {
        request.onTrouble?.(trouble);
        for (const tell of troubles) tell(trouble);
      },
    });
    if (!opened.ok) return showDiagnostics([opened.error], options, invocation);
    const run = opened.value;
    const scene = sceneOf(run, options, invocation);
    const reporter = createReporter(options.reporter, scene);
    stopper.attach(run);
    const { isShown, isInterrupted } =
      screen === undefined
        ? await tellInLines(run, reporter, stopper)
        : await showOnScreen(run, reporter, stopper, invocation, {
            capabilities: screen,
            stopping: stopping.signal,
            onTrouble: (listener) => void troubles.add(listener),
          });
    const state = run.state();
    const { verdict } = await run.close();
    const signal = stopper.signal() ?? (isInterrupted ? 'SIGINT' : undefined);
    const exitCode = signal !== undefined && verdict === 'cancelled' ? signalExitCodes[signal] : exitCodeOf(verdict);
    if (options.junit !== undefined) {
      const written = writeWholeFile(resolve(invocation.cwd, options.junit), junitReport(state, run.tail));
      if (!written.ok) showDiagnostics([written.error], options, invocation);
    }
    const end = { state, verdict, exitCode, files: run.files };
    if (isShown) out.write(`${screenSummary(end, scene).join('\n')}\n`);
    else reporter.conclude(end);
    return exitCode;
  } finally {
    stopper.release();
  }
}

/** How a run was told of until its end. */
type Told = { readonly isShown: boolean; readonly isInterrupted: boolean };

function sceneOf(run: OpenRun, options: FollowOptions, { cwd, env, out }: Invocation): Scene {
  return {
    run: run.run,
    database: run.database,
    style: createStyle({ ...options, env, isTerminal: out.isTerminal }),
    write: out.write,
    tail: run.tail,
    logPath: run.logPath,
    shown: (path) => displayText(shownPath(path, cwd)),
  };
}

async function tellInLines(run: OpenRun, reporter: Reporter, stopper: RunStopper): Promise<Told> {
  run.subscribe(reporter.report);
  startRun(run, stopper);
  return remindUntilOver(run, reporter);
}

async function showOnScreen(
  run: OpenRun,
  reporter: Reporter,
  stopper: RunStopper,
  { env, err }: Invocation,
  options: Pick<UiOptions, 'capabilities' | 'stopping' | 'onTrouble'>,
): Promise<Told> {
  const { runUi } = await import('../ui/run-ui.tsx');
  let started: RunEvent | undefined;
  const unsubscribe = run.subscribe((event) => {
    started ??= event;
  });
  const shown = runUi(run, { ...options, env });
  startRun(run, stopper);
  const { how, error } = await shown;
  unsubscribe();
  if (error !== undefined) err.write(`etl-tui: the screen failed (${displayText(error.message)}); the run goes on\n`);
  if (how !== 'plain') return { isShown: true, isInterrupted: how === 'interrupt' };
  if (started !== undefined) reporter.report(started, run.state());
  run.subscribe(reporter.report);
  return remindUntilOver(run, reporter);
}

function startRun(run: OpenRun, stopper: RunStopper): void {
  run.start();
  // Somebody changed their mind while the run was being opened.
  if (stopper.signal() !== undefined) run.intend({ type: 'cancel' });
}

async function remindUntilOver(run: OpenRun, reporter: Reporter): Promise<Told> {
  const reminder = setInterval(() => reporter.remind(Date.now() as EpochMs, run.state()), remindEveryMs);
  await runIsOver(run);
  clearInterval(reminder);
  return { isShown: false, isInterrupted: false };
}

/** A run that was over once, and was brought back to work on the screen, is over when it says so again. */
async function runIsOver(run: OpenRun): Promise<void> {
  await run.finished;
  if (run.state().phase.kind === 'finished') return;
  await new Promise<void>((resolve) => {
    run.subscribe((event) => {
      if (event.type === 'run.finished') resolve();
    });
  });
}
