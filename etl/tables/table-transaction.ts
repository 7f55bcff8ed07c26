import type pg from 'pg';
import type { Part } from './load-ledger.ts';

/**
 * Runs `work` in a transaction in which it is the only writer of the part among the tasks: all of it is seen by others,
 * or nothing. Seasons of a table may be written side by side; a writer of the whole table
 * excludes all others. Read from the network before: other loads of the part wait until the transaction ends.
 */
export async function inTableTransaction<Value>(
  client: pg.Client,
  { table, season }: Pick<Part, 'table' | 'season'>,
  work: () => Promise<Value>,
): Promise<Value> {
  await client.query('BEGIN');
  try {
    const share = season === undefined ? '' : '_shared';
    await client.query(`SELECT pg_advisory_xact_lock${share}(hashtextextended($1, 0))`, [`etl-tui load ${table}`]);
    if (season !== undefined) {
      const part = `etl-tui load ${table}/${season}`;
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [part]);
    }
    const value = await work();
    await client.query('COMMIT');
    return value;
  } catch (error) {
    // When the connection is lost, the server rolls back.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
