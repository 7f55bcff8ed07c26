import type { OpenRun } from '../../engine/index.ts';
import type { KeptScreen } from '../../ui/run-ui.tsx';
import type { Reporter } from '../reporters/reporter.ts';
import type { RunStopper } from './stop-run.ts';

/** What showed a run in the end, and whether a person left its screen, and did so by Ctrl-C. */
export type PresentationResult = {
  readonly isPlainLog: boolean;
  readonly isInterrupted: boolean;
  readonly isLeft: boolean;
  /** The screen, which is still open for the next run. */
  readonly kept?: KeptScreen;
};

const tickEveryMs = 5_000;

/** Starts a run and lets `reporter` print it until it has ended. */
export async function runHeadless(run: OpenRun, reporter: Reporter, stopper: RunStopper): Promise<PresentationResult> {
  run.subscribe(reporter.report);
  startRun(run, stopper);
  // A run that was paused when its process died: nobody is here to end the pause.
  if (run.state().paused) run.intend({ type: 'resume' });
  await tickUntilOver(run, reporter);
  return { isPlainLog: true, isInterrupted: false, isLeft: false };
}

export function startRun(run: OpenRun, stopper: RunStopper): void {
  run.start();
  // Somebody changed their mind while the run was being opened.
  if (stopper.signal() !== undefined) run.intend({ type: 'cancel' });
}

export async function tickUntilOver(run: OpenRun, reporter: Reporter): Promise<void> {
  const reminder = setInterval(() => reporter.onTick(run.now(), run.state()), tickEveryMs);
  await untilOver(run);
  clearInterval(reminder);
}

/** A run that was over once, and was brought back to work on the screen, is over when it says so again. */
async function untilOver(run: OpenRun): Promise<void> {
  await run.finished;
  if (run.state().phase.kind === 'finished') return;
  await new Promise<void>((resolve) => {
    run.subscribe((event) => {
      if (event.type === 'run.finished') resolve();
    });
  });
}
