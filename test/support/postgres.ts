import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { adminRole } from '../../src/engine/database/embedded/cluster/create-cluster.ts';
import { readPasswords } from '../../src/engine/database/embedded/cluster/embedded-directory.ts';
import { openEmbeddedServer } from '../../src/engine/database/embedded/open-embedded-server.ts';
import { countLeases, lockSpace } from '../../src/engine/database/embedded/server/lease.ts';

export type TestDatabase = {
  /** Of a role that owns the database and may create others, but is no superuser. */
  readonly url: string;
  /** Of a superuser, in the same database; undefined for a server that we were only given. */
  readonly superuserUrl: string | undefined;
  /** Drops the database, whoever is still connected to it. */
  close(): Promise<void>;
};

/**
 * A fresh, empty database in a real server on loopback. All test files of one user share the server: it starts with the
 * first database and stops with the last, and one that a killed run left behind is taken over by the next.
 * With ETL_TUI_TEST_DATABASE_URL set, that server is used; its role must be allowed to create databases.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await openServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  try {
    await server.create(name);
  } catch (error) {
    await server.close();
    throw error;
  }
  const inDatabase = (address: string) => {
    const url = new URL(address);
    url.pathname = `/${name}`;
    return url.href;
  };
  let closing: Promise<void> | undefined;
  const close = async () => {
    await server.client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.close();
  };
  return {
    url: inDatabase(server.url),
    superuserUrl: server.superuserUrl === undefined ? undefined : inDatabase(server.superuserUrl),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

type Server = {
  readonly url: string;
  readonly superuserUrl?: string;
  readonly client: pg.Client;
  create(name: string): Promise<void>;
  close(): Promise<void>;
};

async function openServer(): Promise<Server> {
  const given = process.env['ETL_TUI_TEST_DATABASE_URL'];
  return given ? openGiven(given) : openShared();
}

async function openGiven(url: string): Promise<Server> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    client,
    create: async (name) => {
      await client.query(`CREATE DATABASE ${name}`);
    },
    close: () => client.end(),
  };
}

async function openShared(): Promise<Server> {
  const opened = await openEmbeddedServer({
    root: join(tmpdir(), `etl-tui-test-postgres-${process.getuid?.() ?? 0}`),
    env: process.env,
    onProgress: () => {},
    // Nothing here has to survive the machine.
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'],
  });
  if (!opened.ok) throw new Error(`${opened.error.message}\n${opened.error.hint ?? ''}`);
  const { lease, url, directory } = opened.value;
  const superuserUrl = `postgres://${adminRole}:${readPasswords(directory.cluster)?.admin}@127.0.0.1:${lease.port}/`;
  const { client } = lease;
  return {
    url,
    superuserUrl,
    client,
    create: async (name) => {
      // One at a time, or somebody's new database could pass for an abandoned one.
      await client.query(`SELECT pg_advisory_lock(${lockSpace}, 3)`);
      try {
        await client.query('ALTER ROLE etl CREATEDB');
        if ((await countLeases(client)) === 1) await dropAbandoned(client);
        await client.query(`CREATE DATABASE ${name} OWNER etl`);
      } finally {
        await client.query(`SELECT pg_advisory_unlock(${lockSpace}, 3)`);
      }
    },
    close: async () => {
      await lease.release('stop-if-last');
    },
  };
}

/** A killed run leaves its databases; whoever is alone with the server clears them away. */
async function dropAbandoned(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database d WHERE datname LIKE 'test\\_%'
     AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)`,
  );
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname}`);
}
