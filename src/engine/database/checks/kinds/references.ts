import pg from 'pg';
import { type CheckKind, columnName, countOf, formatCount, measuredCount, quoteTable } from './check-kind.ts';
import { formatKeys, readFirstKeys, selectFirstKeys } from './offending-keys.ts';
import { rowsName, rowsOf } from './row-filter.ts';

/** `where` selects rows of `child`; every value of `parent` counts. */
export const references: CheckKind<'references'> = {
  filtered: ({ child }) => [child.table],
  sql: ({ child, parent, where }) => {
    const [column, counterpart] = [pg.escapeIdentifier(child.column), pg.escapeIdentifier(parent.column)];
    return `WITH orphans AS (
      SELECT c.${column}::text AS key, count(*) AS row_count FROM ${rowsOf(child.table, where)} c
       WHERE c.${column} IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM ${quoteTable(parent.table)} p WHERE p.${counterpart} = c.${column})
       GROUP BY 1)
    SELECT (SELECT count(${column}) FROM ${rowsOf(child.table, where)} AS part) AS checked_rows,
      (SELECT coalesce(sum(row_count), 0)::bigint FROM orphans) AS orphan_rows,
      (SELECT count(*) FROM orphans) AS orphan_keys, ${selectFirstKeys('orphans')}`;
  },
  evaluate: ({ child, parent, where }, row) => {
    const rows = countOf(row, 'checked_rows');
    const orphans = countOf(row, 'orphan_rows');
    const keys = countOf(row, 'orphan_keys');
    const first = readFirstKeys(row);
    const summary =
      orphans === 0n
        ? `every ${columnName(child)} is in ${columnName(parent)} (${formatCount(rows)} rows)`
        : `${formatCount(orphans)} of ${formatCount(rows)} rows of ${rowsName(child.table, where)} have a ${child.column} that is not in ${columnName(parent)}: ${formatKeys(first, keys)}`;
    const measured = {
      checked_rows: measuredCount(rows),
      orphan_rows: measuredCount(orphans),
      orphan_keys: measuredCount(keys),
      first_keys: first,
    };
    return { passed: orphans === 0n, summary, measured, value: Number(orphans) };
  },
};
