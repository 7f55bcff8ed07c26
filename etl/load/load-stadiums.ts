import { readSql } from '../package-root.ts';
import { ensureSchema } from '../tables/ensure-schema.ts';
import { mergeRows } from '../tables/merge-rows.ts';
import { inTableTransaction } from '../tables/table-transaction.ts';
import type { TaskContext } from '../task-context.ts';

const COLUMNS = ['name', 'lat', 'lon', 'tz', 'roof_kind', 'city', 'country', 'altitude_m', 'station_id'];

/** Loads the stadium table that comes with the pipeline, and warns of stadiums of the schedule that it lacks. */
export async function loadStadiums(context: TaskContext): Promise<void> {
  const client = await context.connect();
  await ensureSchema(client);
  const { rows, rowsChanged } = await inTableTransaction(client, { table: 'stadiums' }, async () => {
    await client.query(`CREATE TEMP TABLE shipped_stadiums ON COMMIT DROP AS ${readSql('stadiums')}`);
    const merge = { table: 'stadiums', key: ['stadium_id'], columns: COLUMNS, from: 'pg_temp.shipped_stadiums' };
    return mergeRows(client, { ...merge, partition: 'all' });
  });
  const unknown = await client.query<{ stadium_id: string; stadium: string | null }>(
    `SELECT DISTINCT ON (stadium_id) stadium_id, stadium FROM games
     WHERE stadium_id IS NOT NULL AND stadium_id NOT IN (SELECT stadium_id FROM stadiums) ORDER BY stadium_id, gameday DESC`,
  );
  for (const { stadium_id, stadium } of unknown.rows) {
    context.log(`warning: the schedule has a new stadium, ${stadium_id} (${stadium ?? 'no name'}), which is unknown`);
  }
  context.log(`${rows} stadiums, ${rowsChanged} changed`);
  context.report({ progress: 1, message: '', rows, rows_changed: rowsChanged });
}
