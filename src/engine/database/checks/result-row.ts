import type { CheckResult } from '../../model/check-result.ts';

/** The first row of an answer, column by column: names may repeat. Every value is as PostgreSQL writes it. */
export type ResultRow = readonly ResultCell[];

export type ResultCell = {
  readonly name: string;
  /** The type's number in `pg_type`. */
  readonly type: number;
  readonly value: string | null;
};

/** What the rows say: whether it is as it should be, in words and in numbers. */
export type CheckEvaluation = {
  readonly passed: boolean;
  readonly summary: string;
  readonly measured: CheckResult['measured'];
};

/** Long values are of no use in a line of a report. */
export function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
