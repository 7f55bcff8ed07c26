import pg from 'pg';
import { type CheckKind, countOf, formatCount, measuredCount } from './check-kind.ts';
import { formatKeys, readFirstKeys, selectFirstKeys } from './offending-keys.ts';
import { rowsName, rowsOf } from './row-filter.ts';

/** NULLs count as equal here: two rows without a key are as wrong as two rows with the same key. */
export const unique: CheckKind<'unique'> = {
  filtered: ({ table }) => [table],
  sql: ({ table, columns, where }) => {
    const names = columns.map(pg.escapeIdentifier);
    const key = names.map((name) => `coalesce(${name}::text, 'NULL')`).join(` || ', ' || `);
    return `WITH duplicates AS (
      SELECT ${key} AS key, count(*) AS row_count FROM ${rowsOf(table, where)} AS part GROUP BY ${names.join(', ')} HAVING count(*) > 1)
    SELECT (SELECT count(*) FROM ${rowsOf(table, where)} AS part) AS checked_rows,
      (SELECT count(*) FROM duplicates) AS duplicate_keys,
      (SELECT coalesce(sum(row_count - 1), 0)::bigint FROM duplicates) AS surplus_rows, ${selectFirstKeys('duplicates')}`;
  },
  evaluate: ({ table, columns, where }, row) => {
    const rows = countOf(row, 'checked_rows');
    const keys = countOf(row, 'duplicate_keys');
    const surplus = countOf(row, 'surplus_rows');
    const first = readFirstKeys(row);
    const key = columns.join(', ');
    const name = rowsName(table, where);
    const summary =
      keys === 0n
        ? `${name} has each ${key} once (${formatCount(rows)} rows)`
        : keys === 1n
          ? `${key} ${first[0] ?? ''} occurs more than once in ${name} (${formatCount(surplus)} ${surplus === 1n ? 'row' : 'rows'} too many)`
          : `${formatCount(keys)} values of ${key} occur more than once in ${name} (${formatCount(surplus)} rows too many): ${formatKeys(first, keys)}`;
    const measured = {
      checked_rows: measuredCount(rows),
      duplicate_keys: measuredCount(keys),
      surplus_rows: measuredCount(surplus),
      first_keys: first,
    };
    return { passed: keys === 0n, summary, measured, value: Number(surplus) };
  },
};
