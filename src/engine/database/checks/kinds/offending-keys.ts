import { cellOf, formatCount } from './check-kind.ts';
import { type ResultRow, truncateValue } from './result-row.ts';

/** How many offending keys a result names. */
const maxKeys = 10;

/** The column `first_keys`: the first keys of `source` in byte order, so that the message is the same in every locale. */
export function selectFirstKeys(source: string): string {
  return `(SELECT coalesce(json_agg(key), '[]') FROM
    (SELECT key FROM ${source} ORDER BY key COLLATE "C" LIMIT ${maxKeys}) AS first_few) AS first_keys`;
}

export function readFirstKeys(row: ResultRow | undefined): readonly string[] {
  return (JSON.parse(cellOf(row, 'first_keys') ?? '[]') as readonly string[]).map(truncateValue);
}

export function formatKeys(first: readonly string[], total: bigint): string {
  return total > first.length
    ? `${first.join(', ')}, … (the first ${maxKeys} of ${formatCount(total)})`
    : first.join(', ');
}
