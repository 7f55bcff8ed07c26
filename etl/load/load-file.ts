import type pg from 'pg';
import type { NflverseFile } from '../sources/nflverse.ts';
import { inputsOf, isUpToDate, type Part, recordLoad } from '../tables/load-ledger.ts';
import { mergeRows } from '../tables/merge-rows.ts';
import { inTableTransaction } from '../tables/table-transaction.ts';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import { type StagedCsv, stageCsv } from './csv/stage-csv.ts';
import type { DroppedCells } from './csv/typed-rows.ts';
import { type LoadFindings, readFindings, recordFindings } from './load-findings.ts';

/** How a file becomes rows of a table. */
export type FileLoad = {
  readonly part: Part;
  readonly key: readonly string[];
  /** All but the key. */
  readonly columns: readonly string[];
  /** Columns without which the file is refused. */
  readonly required: readonly string[];
  /** Columns of the file that `type` reads. */
  readonly wanted: readonly string[];
  /** A text that changes with what is read from the file: an unchanged file is then loaded again. */
  readonly program: string;
  /** Makes the temporary table `typed` from the staged file, and may refuse it; returns the cells that became NULL. */
  readonly type: (staged: StagedCsv, typed: string) => Promise<DroppedCells | undefined>;
  /** The seasons in the file. */
  readonly seasons: (typed: string) => Promise<readonly number[]>;
  readonly onProgress?: (fraction: number) => void;
};

export type FileLoadResult = {
  readonly rows: number;
  /** Rows added, changed or removed. */
  readonly rowsChanged: number;
  /** What could not be loaded as it stands in the file, now or at the last load. */
  readonly findings: LoadFindings;
  /** Whether the same file was loaded before, so that nothing was done. */
  readonly fresh: boolean;
};

/** Raise it when cells are read in another way: every file is then loaded again. */
const READING = '3';

/** A loss of rows larger than this share is warned about. */
const NOTABLE_LOSS = 0.01;

/**
 * Makes the file's part of a table equal to the file. A file that was loaded before is skipped, unless rows were
 * changed by hand since. What takes long happens before the transaction; when anything fails, the table is as before.
 */
export async function loadFile(
  context: TaskContext,
  client: pg.Client,
  file: NflverseFile,
  load: FileLoad,
): Promise<FileLoadResult> {
  const { part } = load;
  const inputs = inputsOf(READING, load.program, load.columns.join(), file.sha256);
  if (!context.reload && (await isUpToDate(client, part, inputs))) {
    const findings = await readFindings(client, part);
    return { fresh: true, rows: await countRows(client, part), rowsChanged: 0, findings };
  }
  const name = `${part.table}_${part.season ?? 'all'}`;
  const typed = `${name}_typed`;
  const staged = await stageCsv(client, `${name}_file`, file.path, {
    source: file.name,
    wanted: load.wanted,
    required: load.required,
    signal: context.signal,
    onProgress: (fraction) => load.onProgress?.(fraction * 0.7),
  });
  const droppedCells = await load.type(staged, typed);
  load.onProgress?.(0.8);
  const seasons = await load.seasons(typed);
  const merged = await inTableTransaction(client, part, async () => {
    const before = await countRows(client, part);
    const { key, columns } = load;
    const partition = { column: 'season', values: seasons };
    const result = await mergeRows(client, { table: part.table, key, columns, from: typed, partition });
    if (result.rows === 0) throw new TaskError(`${file.name}: no rows below the header; the table stays as it is`);
    if (result.rows < before * (1 - NOTABLE_LOSS) && part.season !== undefined) {
      context.log(`warning: ${file.name} has ${result.rows} rows, ${before - result.rows} fewer than were stored`);
    }
    const findings = { sharedKeys: result.sharedKeys, droppedCells };
    await recordFindings(client, part, findings);
    await recordLoad(client, part, inputs);
    return { rows: result.rows, rowsChanged: result.rowsChanged, findings };
  });
  await client.query(`DROP TABLE pg_temp.${typed}, pg_temp.${staged.table}`);
  return { ...merged, fresh: false };
}

async function countRows(client: pg.Client, { table, season }: Part): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) FROM ${table} WHERE ${season === undefined ? '$1::int IS NULL' : 'season = $1'}`,
    [season ?? null],
  );
  return Number(rows[0]?.count);
}
