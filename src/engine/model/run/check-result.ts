/** `warn` is a failed check with `on_fail: warn`; `error` means that the check itself could not run, so nothing is known of the data. */
export type CheckVerdict = 'pass' | 'warn' | 'fail' | 'error';

/** A finished check: its verdict, a summary of one line, and the values it measured (counts, ages, first offending keys). */
export type CheckResult = {
  readonly check: string;
  readonly verdict: CheckVerdict;
  readonly summary: string;
  readonly measured: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  /**
   * The one number of it that can be compared from run to run: how many rows are wrong, how many there are, an age in
   * seconds, what a query gave; absent when there is none.
   */
  readonly value?: number;
  /** Of the last attempt. */
  readonly durationMs: number;
  /** How many attempts it took; absent = one. */
  readonly attempts?: number;
};

/** The result of a check that took so many attempts. */
export function withAttempts(result: CheckResult, attempts: number): CheckResult {
  return attempts === 1 ? result : { ...result, attempts };
}

/** What one attempt of a check found. */
export type CheckAnswer = CheckResult & {
  /** It has an error whose reason may be gone at the next attempt. */
  readonly isTransient?: true;
};
