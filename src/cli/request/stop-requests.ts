import { type StopSignal, signalExitCodes } from '../exit-code.ts';
import { onStopSignal } from '../signals.ts';

/** Tells when a signal wants requests to end. A run that is under way obeys the same signals by itself. */
export type RequestStopper = {
  readonly signal: () => StopSignal | undefined;
  /** Aborted at the first signal. */
  readonly stopping: AbortSignal;
  /** While `work` is under way a second signal does not end the program: the run has its own rules for it. */
  readonly during: <Value>(work: () => Promise<Value>) => Promise<Value>;
  readonly release: () => void;
};

/** What is being prepared, such as a database, may not answer; it is not waited for any longer. */
const patienceMs = 3_000;

export function stopRequestsOnSignal(): RequestStopper {
  const stopping = new AbortController();
  let first: StopSignal | undefined;
  let isBusy = false;
  let patience: NodeJS.Timeout | undefined;
  const stopListening = onStopSignal((signal, count) => {
    first ??= signal;
    stopping.abort();
    if (isBusy) return;
    if (count > 1) process.exit(signalExitCodes[first]);
    patience = setTimeout(() => process.exit(signalExitCodes[signal]), patienceMs);
  });
  return {
    signal: () => first,
    stopping: stopping.signal,
    during: async (work) => {
      clearTimeout(patience);
      isBusy = true;
      try {
        return await work();
      } finally {
        isBusy = false;
      }
    },
    release: () => {
      clearTimeout(patience);
      stopListening();
    },
  };
}
