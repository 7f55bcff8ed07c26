import pg from 'pg';
import {
  type CheckKind,
  cellOf,
  columnName,
  countOf,
  type DefinitionOf,
  formatCount,
  measuredCount,
} from './check-kind.ts';
import { formatKeys, readFirstKeys, selectFirstKeys } from './offending-keys.ts';
import { truncateValue } from './result-row.ts';
import { rowsName, rowsOf } from './row-filter.ts';
import { rowKey } from './row-key.ts';

type Range = DefinitionOf<'range'>;

/**
 * A number is compared by its exact value, whatever type of numbers the column has; a text as a value of the column's type,
 * such as a date. NaN, which PostgreSQL takes to be greater than every number, is within no bounds.
 */
export const range: CheckKind<'range'> = {
  filtered: ({ column }) => [column.table],
  named: ({ column }) => column.table,
  sql: (definition, key) => {
    const { table, column } = definition.column;
    const name = `part.${pg.escapeIdentifier(column)}`;
    const rows = `${rowsOf(table, definition.where)} AS part`;
    return `WITH outside AS (
      SELECT ${rowKey('part', key)} || ': ' || ${name}::text AS key FROM ${rows} WHERE ${isOutside(name, definition)})
    SELECT counted.*, (SELECT count(*) FROM outside) AS outside_rows, ${selectFirstKeys('outside')}
      FROM (SELECT count(${name}) AS checked_rows, min(${name})::text AS lowest, max(${name})::text AS highest
        FROM ${rows}) AS counted`;
  },
  evaluate: (definition, row) => {
    const { column, min, max, where } = definition;
    const rows = countOf(row, 'checked_rows');
    const outside = countOf(row, 'outside_rows');
    const first = readFirstKeys(row);
    const [lowest, highest] = [boundOf(cellOf(row, 'lowest')), boundOf(cellOf(row, 'highest'))];
    const found = lowest === null ? '' : `, from ${lowest} to ${highest}`;
    const wanted = [min === undefined ? [] : `below ${min}`, max === undefined ? [] : `above ${max}`]
      .flat()
      .join(' or ');
    const summary =
      outside === 0n
        ? `no ${columnName(column)} is ${wanted} (${formatCount(rows)} rows${found})`
        : `${formatCount(outside)} of ${formatCount(rows)} rows of ${rowsName(column.table, where)} have ${column.column} ${wanted} (${found.slice(2)}): ${formatKeys(first, outside)}`;
    const measured = {
      checked_rows: measuredCount(rows),
      outside_rows: measuredCount(outside),
      lowest,
      highest,
      first_keys: first,
    };
    return { passed: outside === 0n, summary, measured, value: Number(outside) };
  },
};

function isOutside(name: string, { min, max }: Range): string {
  const compare = (operator: '<' | '>', bound: number | string) =>
    typeof bound === 'number'
      ? `${name}::numeric ${operator} ${bound}`
      : `${name} ${operator} ${pg.escapeLiteral(bound)}`;
  const conditions = [
    ...(min === undefined ? [] : [compare('<', min)]),
    ...(max === undefined ? [] : [compare('>', max)]),
  ];
  return [...conditions, `${name}::text = 'NaN'`].join(' OR ');
}

function boundOf(value: string | null): string | null {
  return value === null ? null : truncateValue(value);
}
