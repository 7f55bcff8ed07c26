/** `warn` is a failed check with `on_fail: warn`; `error` means that the check itself could not run, so nothing is known of the data. */
export type CheckVerdict = 'pass' | 'warn' | 'fail' | 'error';

/** A finished check: its verdict, a summary of one line, and the values it measured (counts, ages, first offending keys). */
export type CheckResult = {
  readonly check: string;
  readonly verdict: CheckVerdict;
  readonly summary: string;
  readonly measured: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  readonly durationMs: number;
};
