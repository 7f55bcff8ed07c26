import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../../src/engine/database/embedded-server.ts';

export type TestDatabase = { readonly url: string; close(): Promise<void> };

/**
 * A fresh, empty database in a real server on loopback. All test files of one user share the server: it starts with the
 * first database and stops with the last, and one that a killed run left behind is taken over by the next.
 * With ETL_TUI_TEST_DATABASE_URL set, that server is used; its role must be allowed to create databases.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await openServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server.url, `CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  let closing: Promise<void> | undefined;
  const close = async () => {
    await execute(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.close();
  };
  return {
    url: url.href,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function openServer(): Promise<TestDatabase> {
  const given = process.env['ETL_TUI_TEST_DATABASE_URL'];
  if (given) return { url: given, close: async () => {} };
  const opened = await openEmbedded({
    root: join(tmpdir(), `etl-tui-test-postgres-${process.getuid?.() ?? 0}`),
    env: process.env,
    onProgress: () => {},
    // Nothing here has to survive the machine.
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'],
  });
  if (!opened.ok) throw new Error(`${opened.error.message}\n${opened.error.hint ?? ''}`);
  const { lease, url } = opened.value;
  await lease.client.query('ALTER ROLE etl CREATEDB');
  await dropAbandoned(lease.client);
  return {
    url,
    close: async () => {
      await lease.release('stop-if-last');
    },
  };
}

/** A killed run leaves its databases; whoever is alone with the server clears them away. */
async function dropAbandoned(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ users: number }>(
    `SELECT count(*)::int AS users FROM pg_locks WHERE locktype = 'advisory' AND classid = 7423 AND objid = 1`,
  );
  if (rows[0]?.users !== 1) return;
  const left = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database d WHERE datname LIKE 'test\\_%'
     AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)`,
  );
  for (const { datname } of left.rows) await client.query(`DROP DATABASE IF EXISTS ${datname}`);
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
