import { type StopSignal, signalExitCodes } from './exit-code.ts';
import { ignoredSignals } from './ignored-signals.ts';

/** Wrappers such as npm pass on a Ctrl-C that the terminal has sent already; what comes this close together is one wish. */
const sameSignalMs = 300;

/**
 * Calls back at each signal that asks the program to stop, but for those that it was started to ignore; `count` tells how
 * often it was asked. Returns the way to
 * stop listening.
 */
export function onStopSignal(listener: (signal: StopSignal, count: number) => void): () => void {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  const ignored: readonly string[] = ignoredSignals(process.env);
  const signals = (Object.keys(signalExitCodes) as StopSignal[]).filter((signal) => !ignored.includes(signal));
  const handlers = signals.map((signal) => {
    const handler = () => {
      const now = performance.now();
      const isRepeated = now - last < sameSignalMs;
      last = now;
      if (isRepeated) return;
      count += 1;
      listener(signal, count);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}
