import { displayText, type OpenRun, type RunEvent } from '../../engine/index.ts';
import type { UiOptions } from '../../ui/run-ui.tsx';
import type { Invocation } from '../invocation.ts';
import type { Reporter } from '../reporters/reporter.ts';
import type { loadScreen } from './load-screen.ts';
import { type PresentationResult, startRun, tickUntilOver } from './run-headless.ts';
import type { RunStopper } from './stop-run.ts';

type ScreenOptions = Pick<UiOptions, 'setup' | 'stopping' | 'onWarning' | 'onBell' | 'next' | 'kept' | 'onNote'> & {
  /** Begun early, because it takes as long as opening a run. */
  readonly loading: ReturnType<typeof loadScreen>;
};

/** Shows a run until a person leaves the screen; from then on, if it goes on, `reporter` prints it. */
export async function showOnScreen(
  run: OpenRun,
  reporter: Reporter,
  stopper: RunStopper,
  { env, err }: Invocation,
  { loading, ...options }: ScreenOptions,
): Promise<PresentationResult> {
  const { runUi } = await loading;
  let begun: RunEvent | undefined;
  const unsubscribe = run.subscribe((event) => {
    begun ??= event;
  });
  const shown = runUi(run, { ...options, env });
  startRun(run, stopper);
  const { how, error, kept } = await shown;
  unsubscribe();
  if (error !== undefined) err.write(`etl-tui: the screen failed (${displayText(error.message)}); the run goes on\n`);
  if (how !== 'plain') {
    const result = { isPlainLog: false, isInterrupted: how === 'interrupt', isLeft: how !== 'next' };
    return kept === undefined ? result : { ...result, kept };
  }
  if (begun !== undefined) reporter.report(begun, run.state());
  run.subscribe(reporter.report);
  await tickUntilOver(run, reporter);
  return { isPlainLog: true, isInterrupted: false, isLeft: false };
}
