import pg from 'pg';
import { type CheckKind, columnName, countOf, formatCount, measuredCount } from './check-kind.ts';
import { formatKeys, readFirstKeys, selectFirstKeys } from './offending-keys.ts';
import { rowsName, rowsOf } from './row-filter.ts';

/** The server reads each value as one of the column's type, so that `1`, `1.0` and `01` are one number. */
export const acceptedValues: CheckKind<'accepted_values'> = {
  filtered: ({ column }) => [column.table],
  sql: ({ column: { table, column }, values, where }) => {
    const name = `part.${pg.escapeIdentifier(column)}`;
    const rows = `${rowsOf(table, where)} AS part`;
    return `WITH others AS (
      SELECT ${name}::text AS key, count(*) AS row_count FROM ${rows}
       WHERE ${name} NOT IN (${values.map(pg.escapeLiteral).join(', ')}) GROUP BY 1)
    SELECT (SELECT count(${name}) FROM ${rows}) AS checked_rows,
      (SELECT coalesce(sum(row_count), 0)::bigint FROM others) AS wrong_rows,
      (SELECT count(*) FROM others) AS wrong_values, ${selectFirstKeys('others')}`;
  },
  evaluate: ({ column, values, where }, row) => {
    const rows = countOf(row, 'checked_rows');
    const wrong = countOf(row, 'wrong_rows');
    const others = countOf(row, 'wrong_values');
    const first = readFirstKeys(row);
    const summary =
      wrong === 0n
        ? `every ${columnName(column)} is ${values.length === 1 ? 'the accepted value' : `one of the ${values.length} accepted values`} (${formatCount(rows)} rows)`
        : `${formatCount(wrong)} of ${formatCount(rows)} rows of ${rowsName(column.table, where)} have a value of ${column.column} that is not accepted: ${formatKeys(first, others)}`;
    const measured = {
      checked_rows: measuredCount(rows),
      wrong_rows: measuredCount(wrong),
      wrong_values: measuredCount(others),
      first_keys: first,
    };
    return { passed: wrong === 0n, summary, measured, value: Number(wrong) };
  },
};
