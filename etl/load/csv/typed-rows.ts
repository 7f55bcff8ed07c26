import pg from 'pg';
import { TaskError } from '../../task-error.ts';
import { CELL_KINDS, type CellKind, MAX_MEASURED, READ_EXACTLY } from './cell-kinds.ts';
import { lineOfRecord } from './line-of-record.ts';
import type { StagedCsv } from './stage-csv.ts';

/** A table's column: the kind of its cells, under its own name in the file, or under another. */
export type ColumnSource = CellKind | { readonly kind: CellKind; readonly from: string };

/** An SQL expression for the value of a cell of the staged file; NULL when the file has no such column. */
export type ReadCell = (name: string, kind: CellKind) => string;

/** Cells that became NULL because they are not finite, such as NaN. */
export type DroppedCells = {
  readonly count: number;
  /** Where the first of them is, and what it is. */
  readonly example: string;
};

type Options = {
  readonly source: string;
  readonly columns: Readonly<Record<string, ColumnSource>>;
  /** SQL expressions of columns that are computed from several cells. */
  readonly computed?: (read: ReadCell) => Readonly<Record<string, string>>;
};

/**
 * Makes the temporary table `table` of typed rows from a staged file, and returns the cells that became NULL because they
 * are no number that can be computed with. A cell that cannot be read throws a TaskError with its file, line and column.
 */
export async function typeRows(
  client: pg.Client,
  table: string,
  staged: StagedCsv,
  options: Options,
): Promise<DroppedCells | undefined> {
  const cells = cellsOf(staged, options);
  // Nearly every file is valid, and the exact way takes several times as long.
  const trusted = !cells.some(({ kind }) => READ_EXACTLY.includes(kind));
  if (trusted && (await readTrusted(client, table, staged, options))) return undefined;
  await rejectUnreadable(client, staged, options.source, cells);
  await create(client, table, staged, options, 'exact');
  return findDropped(client, staged, cells);
}

/** The names in the file of the columns that are read. */
export function namesInFile(columns: Readonly<Record<string, ColumnSource>>): readonly string[] {
  return Object.entries(columns).map(([column, source]) => (typeof source === 'string' ? column : source.from));
}

/** Whether the server could read all cells and all numbers are finite. */
async function readTrusted(client: pg.Client, table: string, staged: StagedCsv, options: Options): Promise<boolean> {
  try {
    await create(client, table, staged, options, 'trusted');
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('22')) return false;
    throw error;
  }
  const measured = Object.entries(options.columns).flatMap(([column, source]) => {
    const kind = typeof source === 'string' ? source : source.kind;
    return CELL_KINDS[kind].dropped === undefined ? [] : [`NOT abs(${pg.escapeIdentifier(column)}) <= ${MAX_MEASURED}`];
  });
  if (measured.length === 0) return true;
  const { rowCount } = await client.query(`SELECT FROM pg_temp.${table} WHERE ${measured.join(' OR ')} LIMIT 1`);
  return rowCount === 0;
}

async function create(
  client: pg.Client,
  table: string,
  staged: StagedCsv,
  options: Options,
  way: 'trusted' | 'exact',
): Promise<void> {
  const selected = selectedBy(options, (name, kind) => {
    const column = staged.columns.get(name);
    return column === undefined ? `NULL::${CELL_KINDS[kind].type}` : CELL_KINDS[kind][way](given(column));
  });
  await client.query(
    `DROP TABLE IF EXISTS pg_temp.${table};
     CREATE TEMP TABLE ${table} AS
     SELECT ${selected.map(([column, value]) => `${value} AS ${pg.escapeIdentifier(column)}`).join(',\n  ')}
     FROM pg_temp.${staged.table}`,
  );
}

function selectedBy({ columns, computed }: Options, read: ReadCell): readonly (readonly [string, string])[] {
  const cells = Object.entries(columns).map(([column, source]) => {
    const { kind, from } = typeof source === 'string' ? { kind: source, from: column } : source;
    return [column, read(from, kind)] as const;
  });
  return [...cells, ...Object.entries(computed?.(read) ?? {})];
}

type Cell = { readonly name: string; readonly kind: CellKind; readonly given: string };

/** The cells of a row that are read, by whichever column. */
function cellsOf(staged: StagedCsv, options: Options): readonly Cell[] {
  const cells: Cell[] = [];
  selectedBy(options, (name, kind) => {
    const column = staged.columns.get(name);
    if (column !== undefined) cells.push({ name, kind, given: given(column) });
    return 'NULL';
  });
  return cells;
}

function given(column: string): string {
  return `nullif(nullif(btrim(${column}), 'NA'), '')`;
}

async function rejectUnreadable(
  client: pg.Client,
  staged: StagedCsv,
  source: string,
  cells: readonly Cell[],
): Promise<void> {
  const found = await find(client, staged, cells, 'refused');
  if (found === undefined) return;
  const { expected } = CELL_KINDS[found.cell.kind];
  throw new TaskError(`${source}, ${found.place}, which is not a ${expected}; the file is not loaded`);
}

async function findDropped(
  client: pg.Client,
  staged: StagedCsv,
  cells: readonly Cell[],
): Promise<DroppedCells | undefined> {
  const found = await find(client, staged, cells, 'dropped');
  return found === undefined ? undefined : { count: found.count, example: found.place };
}

/** The cells that are `what`: how many, and where the first one is. */
async function find(client: pg.Client, staged: StagedCsv, all: readonly Cell[], what: 'refused' | 'dropped') {
  const suspects = all.flatMap((cell) => {
    const condition = CELL_KINDS[cell.kind][what]?.(cell.given);
    return condition === undefined ? [] : [{ cell, condition: `(${cell.given} IS NOT NULL AND (${condition}))` }];
  });
  if (suspects.length === 0) return undefined;
  // A temporary table keeps the order in which rows were copied, so the row number is the number of the record.
  const { rows } = await client.query<{ record: string; which: number; text: string; total: string }>(
    `SELECT record, which, (ARRAY[${suspects.map(({ cell }) => cell.given).join(', ')}])[which] AS text, total
     FROM (SELECT *, row_number() OVER () AS record,
         CASE ${suspects.map(({ condition }, index) => `WHEN ${condition} THEN ${index + 1}`).join(' ')} END AS which,
         sum(${suspects.map(({ condition }) => `(${condition})::int`).join(' + ')}) OVER () AS total
       FROM pg_temp.${staged.table}) AS records
     WHERE which IS NOT NULL ORDER BY record LIMIT 1`,
  );
  const [first] = rows;
  const cell = first === undefined ? undefined : suspects[first.which - 1]?.cell;
  if (first === undefined || cell === undefined) return undefined;
  const line = await lineOfRecord(staged.path, Number(first.record));
  const place = `line ${line}, column ${cell.name}: ${JSON.stringify(first.text.slice(0, 60))}`;
  return { cell, count: Number(first.total), place };
}
