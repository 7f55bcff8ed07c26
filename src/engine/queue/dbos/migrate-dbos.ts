import type pg from 'pg';
import { dbosSchema } from '../queue-schema.ts';
import { dbosInternals } from './load-dbos.ts';
import { silentLogger } from './protocol.ts';

/**
 * Brings the tables of DBOS to what its installed version needs; does nothing when they are. Not in a transaction, since
 * it makes indexes while others work. Rejects with the driver's error. Only after `loadDbos`.
 */
export async function migrateDbos(pool: pg.Pool): Promise<void> {
  // What DBOS offers for this logs in by itself, without our rules of TLS, and tells the console what it does.
  const { ensureSystemDatabase } = dbosInternals('system_database');
  const logger = silentLogger as unknown as Parameters<typeof ensureSystemDatabase>[1];
  await ensureSystemDatabase('', logger, pool, dbosSchema);
}
