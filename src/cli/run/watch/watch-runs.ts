import { isAbsolute } from 'node:path';
import { type Diagnostic, maskEnvironment, type RunState, type Selection, type TaskId } from '../../../engine/index.ts';
import { showDiagnostics } from '../../diagnostics/show-diagnostics.ts';
import { signalExitCodes } from '../../exit-code.ts';
import type { Invocation } from '../../invocation.ts';
import { shownPath } from '../../output/shown-path.ts';
import { chooseReporter } from '../../reporters/choose-reporter.ts';
import { openGithubStep } from '../../reporters/github/github-step.ts';
import { stopRequestsOnSignal } from '../../request/stop-requests.ts';
import { readWatched, type WatchedPipeline } from '../../watch/watched-pipeline.ts';
import { type FollowedRun, followRunWith } from '../follow-run.ts';
import { hideSecretArguments } from '../hide-secret-arguments.ts';
import { type LoadedPlan, loadPlan } from '../load-plan.ts';
import { wantedScreen } from '../load-screen.ts';
import { runRequest } from '../run-request.ts';
import { findNextRuns, type NextRun } from './next-run.ts';

type WatchedCall = Parameters<typeof runRequest>[1] &
  Parameters<typeof wantedScreen>[0] &
  Selection & { readonly param?: ReadonlyMap<string, string>; readonly junit?: string };

type Options = Omit<WatchedCall, 'reporter'> & Partial<Pick<WatchedCall, 'reporter'>>;

/**
 * Runs a pipeline, and runs again what a change of its inputs or of its file makes stale, until a signal ends it, or its
 * screen is left.
 */
export async function watchRuns(given: string | undefined, options: Options, invocation: Invocation): Promise<number> {
  const { out, err, env, cwd } = invocation;
  const chosen = { ...options, reporter: chooseReporter(options, invocation) };
  const param = options.param ?? new Map<string, string>();
  const read = (before?: WatchedPipeline) => readWatched(given, options, param, invocation, before);
  const first = read();
  const mistaken = showDiagnostics(first.diagnostics, options, invocation, first.sources);
  if (first.loaded === undefined) return mistaken;
  hideSecretArguments(first.loaded.plan.pipeline.secrets);
  const stopper = stopRequestsOnSignal();
  /** Shows a line on the screen while there is one. */
  let onScreen: ((text: string) => void) | undefined;
  /** The last line that was told: why the next run begins, which its screen shows as well. */
  let lastLine = '';
  /** The screen between two runs. */
  let kept: FollowedRun['kept'];
  const tell = (told: string) => {
    const line = maskEnvironment(told, env, []);
    lastLine = line;
    if (onScreen !== undefined) onScreen(line);
    else (chosen.reporter === 'json' ? err : out).write(`${line}\n`);
  };
  const finder = findNextRuns(first, {
    read,
    requestOf: (loaded) => runRequest(loaded, options, invocation),
    tell,
    shown: (path) => (isAbsolute(path) ? shownPath(path, cwd) : path),
    showMistakes: ({ diagnostics, sources }) => {
      const [mistake] = diagnostics;
      if (onScreen === undefined) showDiagnostics(diagnostics, options, invocation, sources);
      else if (mistake !== undefined) onScreen(mistakeText(mistake));
    },
  });
  let screen = await wantedScreen(chosen, invocation);
  let loaded = first.loaded;
  try {
    for (let isFirst = true; ; isFirst = false) {
      const request = runRequest(loaded, isFirst ? options : { reuse: true, ...options }, invocation);
      await finder.begin();
      const leaving = new AbortController();
      const waiting = AbortSignal.any([stopper.stopping, leaving.signal]);
      const next = new AbortController();
      let found: Promise<NextRun | undefined> | undefined;
      const find = async (state: RunState | undefined) => {
        await finder.ended(state);
        tell(`watching ${finder.describe()} for changes${onScreen === undefined ? '; Ctrl-C ends' : ''}`);
        return finder.find(waiting);
      };
      const step = openGithubStep(chosen.reporter, options, invocation);
      const followed: FollowedRun = await stopper.during(() =>
        followRunWith(request, chosen, step, invocation, screen, {
          next: next.signal,
          ...(kept === undefined ? {} : { kept }),
          onScreen: (show) => {
            onScreen = show;
            if (!isFirst) show(lastLine);
          },
          onEnd: (state) => {
            // Without a screen nothing is said before the run has had its last word.
            if (onScreen === undefined) return;
            if (found !== undefined) finder.endedAgain(state);
            found ??= find(state).then((run) => {
              if (run !== undefined) next.abort();
              return run;
            });
          },
        }),
      );
      onScreen = undefined;
      kept = followed.kept;
      const signal = stopper.signal();
      if (signal !== undefined) return signalExitCodes[signal];
      if (followed.isLeft || (isFirst && followed.state === undefined)) {
        leaving.abort();
        return followed.exitCode;
      }
      if (followed.isPlainLog) screen = undefined;
      const run = await (found ?? find(followed.state));
      if (run === undefined) {
        const stopped = stopper.signal() ?? 'SIGINT';
        // The terminal has shown ^C; what comes next begins a line of its own.
        if (stopped === 'SIGINT' && out.isTerminal) out.write('\n');
        return signalExitCodes[stopped];
      }
      loaded = selected(run, given, options, param, invocation) ?? run.loaded;
    }
  } finally {
    kept?.screen.leave();
    finder.close();
    stopper.release();
  }
}

/** The pipeline with those tasks that run again, and everything downstream of them. */
function selected(
  { again }: NextRun,
  given: string | undefined,
  { only, until, skip }: Selection,
  param: ReadonlyMap<string, string>,
  invocation: Invocation,
): LoadedPlan | undefined {
  const selection: Selection = {
    ...(only === undefined ? {} : { only }),
    ...(until === undefined ? {} : { until }),
    ...(skip === undefined ? {} : { skip }),
    from: [...again.keys()] satisfies readonly TaskId[],
  };
  return loadPlan(given, invocation, selection, param).loaded;
}

function mistakeText({ message, at }: Diagnostic): string {
  return at === undefined ? message : `${at.file}:${at.line}:${at.col}: ${message}`;
}
