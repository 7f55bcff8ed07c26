import type { OpenRun } from '../../engine/index.ts';
import { type StopSignal, signalExitCodes } from '../exit-code.ts';
import { onStopSignal } from '../signals.ts';

/** Connects a run to the signals that stop it. */
export type RunStopper = {
  /** The first signal that came. */
  readonly signal: () => StopSignal | undefined;
  readonly attach: (run: OpenRun) => void;
  readonly release: () => void;
};

/** What a run opens first, such as a database, may not answer; a run that was told to stop meanwhile does not wait for it. */
const openingPatienceMs = 3_000;

/**
 * The first signal cancels the run: tasks are asked to end, and results are written. The second kills the tasks at
 * once, results are written still. The third ends the program; its tasks die with it. After the end of the run, what is
 * still being told of it is given up at the first.
 */
export function stopRunOnSignal(onSignal: (signal: StopSignal) => void): RunStopper {
  let run: OpenRun | undefined;
  let first: StopSignal | undefined;
  let patience: NodeJS.Timeout | undefined;
  const stopListening = onStopSignal((signal, count) => {
    first ??= signal;
    onSignal(signal);
    if (count === 1 && run === undefined) {
      patience = setTimeout(() => process.exit(signalExitCodes[signal]), openingPatienceMs);
    } else if (run?.state().phase.kind === 'finished' && count < 3) run.killNow();
    else if (count === 1) run?.intend({ type: 'cancel' });
    else if (count === 2 && run !== undefined) run.killNow();
    else {
      run?.killNow();
      process.exit(signalExitCodes[first]);
    }
  });
  return {
    signal: () => first,
    attach: (opened) => {
      run = opened;
      clearTimeout(patience);
    },
    release: () => {
      clearTimeout(patience);
      stopListening();
    },
  };
}
