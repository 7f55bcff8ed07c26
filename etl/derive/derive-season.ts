import { createHash } from 'node:crypto';
import type pg from 'pg';
import { fingerprint, inputsOf, isUpToDate, type Part, recordLoad } from '../tables/load-ledger.ts';
import { mergeRows } from '../tables/merge-rows.ts';
import { inTableTransaction } from '../tables/table-transaction.ts';
import type { TaskContext } from '../task-context.ts';

/** A table that is computed season by season from others. */
export type DerivedTable = {
  readonly table: string;
  /** The rows of season $1. Columns of the table that it does not name are NULL. */
  readonly sql: string;
  readonly key: readonly string[];
  /** What the rows of a season are computed from. */
  readonly inputs: (season: number) => readonly Part[];
  /** Tables that the computation joins and that were just filled: they are analyzed first, for the planner. */
  readonly joined?: readonly string[];
};

type DerivedSeason = { readonly rows: number; readonly rowsChanged: number; readonly fresh: boolean };

/**
 * Computes the rows of one season anew when anything that they are made from has changed, and merges them: rows that
 * come out as they were are not touched.
 */
async function deriveSeason(
  context: TaskContext,
  client: pg.Client,
  { table, sql, key, inputs, joined = [] }: DerivedTable,
  season: number,
): Promise<DerivedSeason> {
  const part = { table, season };
  // Fingerprints are taken before the computation, so that a change during it is found the next time.
  const found: string[] = [createHash('sha256').update(sql).digest('hex')];
  for (const input of inputs(season)) found.push(await fingerprint(client, input));
  const made = inputsOf(...found);
  if (!context.reload && (await isUpToDate(client, part, made))) {
    const { rowCount } = await client.query(`SELECT FROM ${table} WHERE season = $1`, [season]);
    return { rows: rowCount ?? 0, rowsChanged: 0, fresh: true };
  }
  if (joined.length > 0) await client.query(`ANALYZE ${joined.join(', ')}`);
  return inTableTransaction(client, part, async () => {
    // CREATE TABLE AS takes no parameters, so the table is created first.
    await client.query(`CREATE TEMP TABLE derived (LIKE ${table}) ON COMMIT DROP`);
    const { fields } = await client.query('SELECT * FROM pg_temp.derived');
    const { fields: computed } = await client.query(`SELECT * FROM (${sql}) AS computed LIMIT 0`, [season]);
    const names = computed.map(({ name }) => name).join(', ');
    await client.query(`INSERT INTO pg_temp.derived (${names}) SELECT ${names} FROM (${sql}) AS computed`, [season]);
    const result = await mergeRows(client, {
      table,
      key,
      columns: fields.map(({ name }) => name).filter((column) => !key.includes(column)),
      from: 'pg_temp.derived',
      partition: { column: 'season', values: [season] },
    });
    await recordLoad(client, part, made);
    return { ...result, fresh: false };
  });
}

/** Derives all seasons of the run, one after the other, and reports the result. `rowsAre` names a row: "plays". */
export async function deriveSeasons(
  context: TaskContext,
  client: pg.Client,
  table: DerivedTable,
  rowsAre: string,
): Promise<void> {
  const results: DerivedSeason[] = [];
  for (const season of context.seasons) {
    context.signal.throwIfAborted();
    const result = await deriveSeason(context, client, table, season);
    results.push(result);
    const what = result.fresh ? 'their inputs have not changed' : `${result.rowsChanged} changed`;
    context.log(`season ${season}: ${result.rows} ${rowsAre}; ${what}`);
    context.report({ progress: results.length / context.seasons.length });
  }
  const rows = results.reduce((sum, result) => sum + result.rows, 0);
  const changed = results.reduce((sum, { rowsChanged }) => sum + rowsChanged, 0);
  context.report({ message: formatResult(results), rows, rows_changed: changed });
}

/** `2 seasons, 1 season skipped as fresh`. */
function formatResult(results: readonly DerivedSeason[]): string {
  const seasons = (count: number) => (count === 1 ? '1 season' : `${count} seasons`);
  const fresh = results.filter((result) => result.fresh).length;
  if (fresh === 0) return seasons(results.length);
  return `${seasons(results.length)}, ${fresh === results.length ? '' : `${seasons(fresh)} `}skipped as fresh`;
}
