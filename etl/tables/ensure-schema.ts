import { createHash } from 'node:crypto';
import type pg from 'pg';
import { readSql } from '../package-root.ts';

/** In this order, because they refer to each other. */
const FILES = ['schema', 'odds_history', 'weather', 'game_summary'] as const;

/**
 * Creates the tables, indexes and the mart where they are missing. Any number of tasks may do it at once; when all
 * exist, it costs one query. Must not be called within a transaction.
 */
export async function ensureSchema(client: pg.Client): Promise<void> {
  const ddl = FILES.map(readSql).join('\n');
  const version = createHash('sha256').update(ddl).digest('hex').slice(0, 16);
  const tables = [...ddl.matchAll(/^CREATE (?:TABLE|MATERIALIZED VIEW) IF NOT EXISTS ([\w.]+)/gm)].map(
    (match) => match[1],
  );
  if (await isThere(client, tables, version)) return;
  await client.query('BEGIN');
  try {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('etl-tui schema', 0))");
    if (!(await isThere(client, tables, version))) {
      await client.query(`SET LOCAL client_min_messages = warning; ${ddl}`);
      await client.query('INSERT INTO etl_schema (version) VALUES ($1) ON CONFLICT (version) DO NOTHING', [version]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** The version is recorded, and nothing was dropped by hand since. */
async function isThere(client: pg.Client, tables: readonly (string | undefined)[], version: string): Promise<boolean> {
  const { rows } = await client.query<{ missing: boolean }>(
    'SELECT bool_or(to_regclass(name) IS NULL) AS missing FROM unnest($1::text[]) AS name',
    [tables],
  );
  if (rows[0]?.missing !== false) return false;
  return (await client.query('SELECT FROM etl_schema WHERE version = $1', [version])).rowCount === 1;
}
