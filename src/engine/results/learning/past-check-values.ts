import type { CheckOutcome, PerformanceRecord } from '../files/performance-record.ts';
import { areComparable } from '../trends/same-params.ts';

/** Older runs had other data. */
const maxRuns = 10;

/**
 * The numbers that a check had in the last ten runs in which it had one, oldest first; whatever its verdict was, so that a
 * lasting change becomes the usual. Only runs with the same parameters count: another season has other rows.
 * @param records of one pipeline, newest last
 * @param params of the run that is to come, masked as in the records
 */
export function pastCheckValues(
  records: readonly PerformanceRecord[],
  { check, kind }: Pick<CheckOutcome, 'check' | 'kind'>,
  params?: Readonly<Record<string, string>>,
): readonly number[] {
  return records
    .filter((record) => areComparable(record, params))
    .flatMap(({ checks }) => (Array.isArray(checks) ? (checks as readonly CheckOutcome[]) : []))
    .filter((outcome) => outcome.check === check && outcome.kind === kind)
    .flatMap(({ value }) => (typeof value === 'number' && Number.isFinite(value) ? [value] : []))
    .slice(-maxRuns);
}
