/** What a check found. `error` = the question could not be asked (a technical failure, not a verdict on the rows). */
export type CheckVerdict = 'pass' | 'warn' | 'fail' | 'error';

/** A finished check: its verdict, one line for people, and the values it measured (counts, ages, first offending keys). */
export type CheckResult = {
  readonly check: string;
  readonly verdict: CheckVerdict;
  readonly summary: string;
  readonly measured: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  readonly durationMs: number;
};
