import type pg from 'pg';

/**
 * Runs `work` in a transaction in which it is the only writer of `table` among the tasks: all of it is seen by others,
 * or nothing. Read what you need before; others that load the same table wait until this one is done.
 */
export async function inTableTransaction<Value>(
  client: pg.Client,
  table: string,
  work: () => Promise<Value>,
): Promise<Value> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`etl-tui load ${table}`]);
    const value = await work();
    await client.query('COMMIT');
    return value;
  } catch (error) {
    // When the connection is lost the server rolls back by itself.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
