import type { CheckResult } from '../../../model/run/check-result.ts';

/** The first row of a result, column by column; names may repeat. */
export type ResultRow = readonly ResultCell[];

export type ResultCell = {
  readonly name: string;
  /** The OID of its type in `pg_type`. */
  readonly type: number;
  /** In PostgreSQL's text format; null for NULL. */
  readonly value: string | null;
};

/** Whether the data is as the check wants it, one line that says so, and the values behind it. */
export type CheckEvaluation = {
  readonly passed: boolean;
  readonly summary: string;
  readonly measured: CheckResult['measured'];
  /** See `CheckResult.value`. */
  readonly value?: number;
};

/** Cuts a value at 200 characters, so that it fits into one line of a report. */
export function truncateValue(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
