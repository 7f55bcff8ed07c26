import pg from 'pg';
import { RETIRED_TEAM_CODES } from '../sources/team-names.ts';
import { TaskError } from '../task-error.ts';
import type { StagedCsv } from './stage-csv.ts';

/** How the cells of a column are read. `flag` is 0 or 1, in whatever way; `team` is a club's code, brought up to date. */
export type CellKind = 'text' | 'int' | 'double' | 'numeric' | 'flag' | 'date' | 'time' | 'team';

/** A table's column: the kind of its cells, under its own name in the file, or under another. */
export type ColumnSource = CellKind | { readonly kind: CellKind; readonly from: string };

/** An SQL expression for the typed value of a cell of the staged file; NULL when the file has no such column. */
export function cell(staged: StagedCsv, name: string, kind: CellKind): string {
  const column = staged.columns.get(name);
  return column === undefined ? `NULL::${TYPES[kind]}` : read[kind](`nullif(nullif(${column}, 'NA'), '')`);
}

/**
 * Makes the temporary table `table` of typed rows from a staged file. `computed` are SQL expressions by column, for what
 * is no single cell; `where` drops rows. Cells that cannot be read throw a TaskError.
 */
export async function typeRows(
  client: pg.Client,
  table: string,
  staged: StagedCsv,
  options: {
    readonly source: string;
    readonly columns: Readonly<Record<string, ColumnSource>>;
    readonly computed?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const cells = Object.entries(options.columns).map(([column, source]) => {
    const { kind, from } = typeof source === 'string' ? { kind: source, from: column } : source;
    return [column, cell(staged, from, kind)] as const;
  });
  const selected = [...cells, ...Object.entries(options.computed ?? {})];
  try {
    await client.query(
      `DROP TABLE IF EXISTS pg_temp.${table};
       CREATE TEMP TABLE ${table} AS
       SELECT ${selected.map(([column, value]) => `${value} AS ${pg.escapeIdentifier(column)}`).join(',\n  ')}
       FROM pg_temp.${staged.table}`,
    );
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith('22')) throw error;
    throw new TaskError(`${options.source}: ${error.message}; the file is not loaded`, { cause: error });
  }
}

/** The names in the file of the columns that are read. */
export function namesInFile(columns: Readonly<Record<string, ColumnSource>>): readonly string[] {
  return Object.entries(columns).map(([column, source]) => (typeof source === 'string' ? column : source.from));
}

/** SQL for today's code of the club that a code stands for. */
function currentTeamSql(code: string): string {
  const cases = Object.entries(RETIRED_TEAM_CODES).map(([old, current]) => `WHEN '${old}' THEN '${current}'`);
  return `CASE ${code} ${cases.join(' ')} ELSE ${code} END`;
}

const TYPES: Readonly<Record<CellKind, string>> = {
  text: 'text',
  int: 'int',
  double: 'double precision',
  numeric: 'numeric',
  flag: 'boolean',
  date: 'date',
  time: 'time',
  team: 'text',
};

const read: Readonly<Record<CellKind, (given: string) => string>> = {
  // What is nothing but blanks is nothing.
  text: (given) => `nullif(btrim(${given}), '')`,
  // Whole numbers come as 3.0 from programs that keep them as doubles.
  int: (given) => `${given}::double precision::int`,
  double: (given) => `${given}::double precision`,
  numeric: (given) => `${given}::numeric`,
  flag: (given) => `lower(${given}) IN ('1', '1.0', 'true', 't')`,
  date: (given) => `${given}::date`,
  time: (given) => `${given}::time`,
  team: (given) => currentTeamSql(`nullif(btrim(${given}), '')`),
};
