import type { ColumnPattern } from '../../model/pipeline/column-pattern.ts';
import { findRowDifferences } from './find-row-differences.ts';
import { askedColumns, isWholeTable, leftOutBecause } from './left-out-columns.ts';
import { listTables } from './list-tables.ts';
import { type ContentCache, columnsWithin, readContent } from './read-content.ts';
import type { ComparedTable, DatabaseComparison, LeftOutColumn, Place, TableDifference } from './table-content.ts';

export type CompareOptions = {
  readonly ignore: readonly ColumnPattern[];
  /** The time of the server when the first row was written, and now: a moment in between is a time of loading. */
  readonly from: number;
  readonly to: number;
  readonly cache: ContentCache;
};

/**
 * Compares all tables, materialized views and views of two databases of one server. The order of rows and columns does not
 * count; the sequences do not. Rejects when a database cannot be read.
 */
export async function compareDatabases(
  expected: Place,
  found: Place,
  options: CompareOptions,
): Promise<DatabaseComparison> {
  const [before, after] = await Promise.all([listTables(expected), listTables(found)]);
  const byName = new Map(after.map((table) => [table.name, table]));
  const differences: TableDifference[] = [];
  const leftOut: LeftOutColumn[] = [];
  let tables = 0;
  for (const table of before) {
    const other = byName.get(table.name);
    byName.delete(table.name);
    if (isWholeTable(table, options.ignore)) {
      leftOut.push(leftOutBecause(table.name, 'asked')('*'));
      continue;
    }
    if (other === undefined) {
      differences.push({ kind: 'no-table', table: table.name });
      continue;
    }
    const compared = await compareTable({ ...expected, table }, { ...found, table: other }, options);
    differences.push(...compared.differences);
    leftOut.push(...compared.leftOut);
    if (table.hasRows) tables += 1;
  }
  for (const table of byName.values()) {
    if (!isWholeTable(table, options.ignore)) differences.push({ kind: 'new-table', table: table.name });
  }
  return { differences, leftOut, tables };
}

type Side = Place & { readonly table: ComparedTable };

async function compareTable(expected: Side, found: Side, options: CompareOptions) {
  const { name } = expected.table;
  const differences: TableDifference[] = [];
  const only = (one: Side, other: Side) =>
    one.table.definition.filter((line) => !other.table.definition.includes(line));
  const missing = only(expected, found);
  const added = only(found, expected);
  if (missing.length + added.length > 0) differences.push({ kind: 'definition', table: name, missing, added });
  // Of a view the query was compared; a materialized view that was never refreshed cannot be read.
  if (!expected.table.hasRows || !found.table.hasRows) return { differences, leftOut: [] };
  const leftOut = await findLeftOut(expected, found, options);
  const omitted = new Set(leftOut.map(({ column }) => column));
  const others = new Set(found.table.columns.map((column) => column.name));
  const columns = expected.table.columns
    .map((column) => column.name)
    .filter((column) => others.has(column) && !omitted.has(column));
  const [old, now] = await Promise.all(
    [expected, found].map(({ client, table }) => readContent(client, table, columns, options.cache)),
  );
  if (old!.rows !== now!.rows || old!.hash !== now!.hash) {
    const key = expected.table.keys.find((one) => one.every((column) => columns.includes(column))) ?? [];
    const rows = await findRowDifferences(expected, found, { columns, key });
    differences.push({ kind: 'rows', table: name, expectedRows: old!.rows, foundRows: now!.rows, ...rows });
  }
  return { differences, leftOut };
}

async function findLeftOut(expected: Side, found: Side, { ignore, from, to }: CompareOptions) {
  const { table } = expected;
  const asked = askedColumns(table, ignore);
  const numbered = table.columns
    .filter(({ name, isNumbered }) => isNumbered && !asked.has(name))
    .map(({ name }) => name);
  const [old, now] = await Promise.all(
    [expected, found].map((side) => columnsWithin(side.client, side.table, from, to)),
  );
  const isLoadTime = (column: string) => {
    const sides = [old!.get(column), now!.get(column)];
    return sides.includes('within') && !sides.includes('outside') && !sides.includes(undefined);
  };
  const times = [...old!.keys()].filter((column) => isLoadTime(column) && !asked.has(column));
  return [
    ...[...asked.keys()].map(leftOutBecause(table.name, 'asked')),
    ...numbered.map(leftOutBecause(table.name, 'numbered')),
    ...times.map(leftOutBecause(table.name, 'load-time')),
  ];
}
