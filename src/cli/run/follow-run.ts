import { resolve } from 'node:path';
import {
  type Diagnostic,
  displayText,
  existingLog,
  type OpenRun,
  ok,
  openRun,
  type Result,
  type RunRequest,
  type RunState,
} from '../../engine/index.ts';
import type { ScreenSetup } from '../../ui/config/choose-theme.ts';
import type { KeptScreen } from '../../ui/run-ui.tsx';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodeOf, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { annotatedPath, shownPath } from '../output/shown-path.ts';
import { createStyle } from '../output/style.ts';
import { tryWholeFile, writeWholeFile } from '../output/write-whole-file.ts';
import { createReporter, type ReporterName } from '../reporters/create-reporter.ts';
import type { GithubStep } from '../reporters/github/github-step.ts';
import { junitReport } from '../reporters/junit/junit-report.ts';
import type { ReporterContext } from '../reporters/reporter.ts';
import { screenSummary } from '../reporters/screen-summary.ts';
import { loadScreen } from './load-screen.ts';
import { bell, ringOnFailure } from './ring-on-failure.ts';
import { runHeadless } from './run-headless.ts';
import { namesOfLeftOut, withoutGiven } from './run-request.ts';
import { showOnScreen } from './show-on-screen.ts';
import { stopRunOnSignal } from './stop-run.ts';

type FollowOptions = DisplayOptions & {
  readonly reporter: ReporterName;
  readonly junit?: string;
  readonly logDir?: string;
  /** The call that resumes the run. */
  readonly resumeHint?: string;
};

/** What goes on beside a run, for whoever starts another one after it. */
export type RunHooks = {
  /** Called each time that the run has ended and what is known of it is written, while a screen still shows it. */
  readonly onEnd: (state: RunState) => void;
  /** Aborted when the screen is to make room for the next run. */
  readonly next: AbortSignal;
  /** The screen of the run before, which is still open. */
  readonly kept?: KeptScreen;
  /** Is given what shows a short text on the screen. */
  readonly onScreen: (tell: (text: string) => void) => void;
};

/** How a run ended, and what was done with it. */
export type FollowedRun = {
  readonly exitCode: number;
  /** Absent when it could not be opened. */
  readonly state?: RunState;
  /** A person has left its screen. */
  readonly isLeft: boolean;
  /** Its events were printed, from the beginning or since its screen was left. */
  readonly isPlainLog: boolean;
  /** Its screen, which is still open for the next run. */
  readonly kept?: KeptScreen;
};

/** As `followRunWith`; returns the exit code. */
export async function followRun(...args: Parameters<typeof followRunWith>): Promise<number> {
  return (await followRunWith(...args)).exitCode;
}

/**
 * Opens a run, lets a reporter or a screen show it, and returns the exit code when its files are written.
 * @param step what GitHub Actions is told besides
 * @param screen what the terminal can do and its user has chosen, when the run is to be shown on a whole screen
 */
export async function followRunWith(
  request: RunRequest,
  options: FollowOptions,
  step: GithubStep,
  invocation: Invocation,
  screen?: ScreenSetup,
  hooks?: RunHooks,
): Promise<FollowedRun> {
  const { out } = invocation;
  const junit = options.junit === undefined ? undefined : resolve(invocation.cwd, options.junit);
  const isWritable = junit === undefined ? ok(undefined) : tryWholeFile(junit);
  const refuse = (mistake: Diagnostic): FollowedRun => {
    hooks?.kept?.screen.leave();
    step.note([mistake]);
    step.refuse();
    return { exitCode: showDiagnostics([mistake], options, invocation), isLeft: false, isPlainLog: false };
  };
  if (!isWritable.ok) return refuse(isWritable.error);
  const loading = screen === undefined ? undefined : loadScreen();
  const stopping = new AbortController();
  const stopper = stopRunOnSignal((signal) => {
    // The terminal has shown ^C; what comes next begins a line of its own.
    if (screen === undefined && signal === 'SIGINT' && out.isTerminal) out.write('\n');
    stopping.abort();
  });
  try {
    const listeners = new Set<(warning: Diagnostic) => void>();
    const opened = await openRun({
      ...request,
      ...(request.wait === undefined ? {} : { wait: { ...request.wait, stop: stopping.signal } }),
      onWarning: (warning) => {
        request.onWarning?.(warning);
        step.note([withoutGiven(warning, options)]);
        for (const listener of listeners) listener(warning);
      },
    });
    if (!opened.ok) {
      const refused = refuse(withoutGiven(opened.error, options));
      const stopped = stopper.signal();
      return stopped === undefined ? refused : { ...refused, exitCode: signalExitCodes[stopped] };
    }
    const run = opened.value;
    const context = contextOf(run, request, options, invocation);
    const reporter = createReporter(options.reporter, context);
    stopper.attach(run);
    const writeReport = junit === undefined ? () => ok(undefined) : junitWriter(junit, run);
    // A screen may stay open long after the end. Write errors are printed when the user leaves it.
    if (screen !== undefined) {
      run.subscribe((event, state) => {
        if (event.type === 'run.finished') writeReport(state);
      });
    }
    if (hooks !== undefined) {
      run.subscribe((event, state) => {
        if (event.type === 'run.finished') void run.settled().then(() => hooks.onEnd(state));
      });
    }
    const isSilent = invocation.env['ETL_TUI_BELL'] === '0' || screen?.config?.screen.bell === false;
    const rings = out.isTerminal && request.leaveOut?.notify !== true && !isSilent;
    if (rings && screen === undefined) ringOnFailure(run, () => out.write(bell));
    const { isPlainLog, isInterrupted, isLeft, kept } =
      screen === undefined || loading === undefined
        ? await runHeadless(run, reporter, stopper)
        : await showOnScreen(run, reporter, stopper, invocation, {
            loading,
            setup: screen,
            stopping: stopping.signal,
            onWarning: (listener) => void listeners.add(listener),
            ...(hooks === undefined ? {} : { next: hooks.next, onNote: hooks.onScreen }),
            ...(hooks?.kept === undefined ? {} : { kept: hooks.kept }),
            ...(rings ? { onBell: (ring) => ringOnFailure(run, ring) } : {}),
          });
    const state = run.state();
    const { verdict, result, written, warnings, handoffs, pruned, runDir } = await run.close();
    const report = writeReport(state);
    const missing = [
      ...warnings.map((warning) => withoutGiven(warning, options)),
      ...(report.ok ? [] : [report.error]),
    ];
    showDiagnostics(missing, options, invocation);
    step.note(missing);
    const signal = stopper.signal() ?? (isInterrupted ? 'SIGINT' : undefined);
    const isIncomplete = missing.some(({ severity }) => severity === 'error');
    const exitCode =
      signal !== undefined && verdict === 'cancelled'
        ? signalExitCodes[signal]
        : exitCodeOf(isIncomplete ? 'task-failed' : verdict);
    const { journal, directory } = run.files;
    const end = {
      state,
      verdict,
      exitCode,
      slas: result.slas ?? [],
      regressions: result.regressions ?? [],
      ...(pruned === undefined ? {} : { pruned }),
      ...(runDir === undefined ? {} : { runDir }),
      files: { ...written, handoffs, journal, directory },
    };
    if (isPlainLog) reporter.onEnd(end);
    else out.write(`${screenSummary(end, context).join('\n')}\n`);
    step.finish(end, context);
    return { exitCode, state, isLeft, isPlainLog, ...(kept === undefined ? {} : { kept }) };
  } finally {
    stopper.release();
  }
}

/** Writes the report of a state of the run, unless it was written already. */
function junitWriter(path: string, run: OpenRun): (state: RunState) => Result<undefined, Diagnostic> {
  let written: RunState | undefined;
  return (state) => {
    if (state === written) return ok(undefined);
    const result = writeWholeFile(path, junitReport(state, run.tail, run.slas?.()));
    if (result.ok) written = state;
    return result;
  };
}

function contextOf(
  run: OpenRun,
  request: RunRequest,
  options: FollowOptions,
  { cwd, env, out }: Invocation,
): ReporterContext {
  return {
    run: run.run,
    database: run.database,
    leftOut: namesOfLeftOut(request),
    style: createStyle({ ...options, env, isTerminal: out.isTerminal }),
    write: out.write,
    timeLeft: () => run.timeLeft?.(),
    slas: () => run.slas?.() ?? [],
    tail: run.tail,
    logPath: (task, attempt) => existingLog(run.logPath(task, attempt)),
    ...(options.resumeHint === undefined ? {} : { resumeHint: options.resumeHint }),
    shown: (path) => displayText(shownPath(path, cwd)),
    annotated: (file) => annotatedPath(file, cwd, env['GITHUB_WORKSPACE']),
  };
}
