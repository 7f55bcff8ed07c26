import pg from 'pg';
import { type CheckKind, countOf, formatCount, measuredCount } from './check-kind.ts';
import { formatKeys, readFirstKeys, selectFirstKeys } from './offending-keys.ts';
import { rowsName, rowsOf } from './row-filter.ts';
import { rowKey } from './row-key.ts';

export const notNull: CheckKind<'not_null'> = {
  filtered: ({ table }) => [table],
  named: ({ table }) => table,
  sql: ({ table, columns, where }, key) => {
    const isNull = columns.map((column) => `part.${pg.escapeIdentifier(column)} IS NULL`);
    const rows = `${rowsOf(table, where)} AS part`;
    const counts = isNull.map((condition, place) => `count(*) FILTER (WHERE ${condition}) AS nulls_${place}`);
    return `WITH incomplete AS (SELECT ${rowKey('part', key)} AS key FROM ${rows} WHERE ${isNull.join(' OR ')})
    SELECT counted.*, (SELECT count(*) FROM incomplete) AS null_rows, ${selectFirstKeys('incomplete')}
      FROM (SELECT count(*) AS checked_rows, ${counts.join(', ')} FROM ${rows}) AS counted`;
  },
  evaluate: ({ table, columns, where }, row) => {
    const rows = countOf(row, 'checked_rows');
    const incomplete = countOf(row, 'null_rows');
    const first = readFirstKeys(row);
    const counts = columns.map((column, place) => ({ column, nulls: countOf(row, `nulls_${place}`) }));
    const found = counts.filter(({ nulls }) => nulls > 0n);
    const name = rowsName(table, where);
    const columnsFound =
      counts.length === 1
        ? columns[0]
        : found.map(({ column, nulls }) => `${column} (${formatCount(nulls)})`).join(', ');
    const summary =
      incomplete === 0n
        ? `no NULL in ${columns.join(', ')} (${formatCount(rows)} rows of ${name})`
        : `${formatCount(incomplete)} of ${formatCount(rows)} rows of ${name} have a NULL in ${columnsFound}: ${formatKeys(first, incomplete)}`;
    const measured = {
      checked_rows: measuredCount(rows),
      null_rows: measuredCount(incomplete),
      ...(counts.length === 1
        ? {}
        : Object.fromEntries(counts.map(({ column, nulls }) => [`null_in_${column}`, measuredCount(nulls)]))),
      first_keys: first,
    };
    return { passed: incomplete === 0n, summary, measured, value: Number(incomplete) };
  },
};
