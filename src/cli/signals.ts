import { constants } from 'node:os';
import { type StopSignal, signalExitCodes } from './exit-code.ts';

/** Wrappers such as npm pass on a Ctrl-C that the terminal has sent already; signals this close together count as one. */
const sameSignalMs = 300;

/**
 * Calls back at each signal that stops the program, except those that it was started to ignore; `count` is the number of
 * such signals so far. Returns the way to
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

const variable = 'ETL_TUI_IGNORED_SIGNALS';
const keyboardAndTerminal = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/**
 * The signals that the program was started to ignore: SIGHUP after `nohup`, SIGINT and SIGQUIT in the background of a
 * script. `env` has them from scripts/launcher.sh, as a hexadecimal mask in which signal n is bit n - 1.
 */
export function ignoredSignals(env: Readonly<Record<string, string | undefined>>): readonly NodeJS.Signals[] {
  const mask = (env[variable] ?? '').trim();
  if (!/^[0-9a-f]{1,16}$/i.test(mask)) return [];
  const bits = BigInt(`0x${mask}`);
  return keyboardAndTerminal.filter((signal) => (bits >> BigInt(constants.signals[signal] - 1)) & 1n);
}

/** Ignores again what the program was started to ignore, and Node.js does not. */
export function keepIgnoring(signals: readonly NodeJS.Signals[]): void {
  for (const signal of signals) process.on(signal, () => undefined);
}
