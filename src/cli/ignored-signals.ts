import { constants } from 'node:os';

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
