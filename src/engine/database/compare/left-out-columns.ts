import type { ColumnPattern } from '../../model/pipeline/column-pattern.ts';
import type { ComparedTable, LeftOutColumn } from './table-content.ts';

/** The columns of a table that somebody asked to leave out, and the pattern that names each. */
export function askedColumns(
  { name, table, columns }: ComparedTable,
  patterns: readonly ColumnPattern[],
): ReadonlyMap<string, ColumnPattern> {
  const asked = new Map<string, ColumnPattern>();
  for (const pattern of patterns) {
    const [, schema = 'public'] = name.split('.').reverse();
    if (pattern.schema !== undefined && pattern.schema !== schema) continue;
    if (pattern.table !== undefined && pattern.table !== table) continue;
    for (const { name } of columns) if (pattern.column === '*' || pattern.column === name) asked.set(name, pattern);
  }
  return asked;
}

/** Whether a pattern leaves the whole table out: its number of rows, too. */
export function isWholeTable(table: ComparedTable, patterns: readonly ColumnPattern[]): boolean {
  return [...askedColumns(table, patterns).values()].some(({ column }) => column === '*');
}

export function leftOutBecause(table: string, why: LeftOutColumn['why']): (column: string) => LeftOutColumn {
  return (column) => ({ table, column, why });
}

/** Whether a pattern names no column of any table that was compared. */
export function matchesNothing({ schema, table, column }: ColumnPattern, leftOut: readonly LeftOutColumn[]): boolean {
  return !leftOut.some((one) => {
    const [last, before = 'public'] = one.table.split('.').reverse();
    return (
      one.why === 'asked' &&
      (column === one.column || one.column === '*') &&
      (table === undefined || table === last) &&
      (schema === undefined || schema === before)
    );
  });
}
