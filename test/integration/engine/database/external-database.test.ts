import { createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/engine/database/database.ts';
import { openDatabase } from '../../../../src/engine/database/open-database.ts';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';

let server: TestDatabase;

beforeAll(async () => {
  server = await createTestDatabase();
});

afterAll(() => server?.close());

function open(url: string) {
  return openDatabase({ projectDir: '/nowhere', env: { DATABASE_URL: url }, applicationName: 'etl-tui' });
}

async function opened(): Promise<Database> {
  const result = await open(server.url);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function changed(change: (url: URL) => void): string {
  const url = new URL(server.url);
  change(url);
  return url.href;
}

describe('a DATABASE_URL that does not work is an error, and no other server is tried', () => {
  it.each([
    ['a wrong port', () => changed((url) => (url.port = '1')), 'unreachable', 'nothing listens'],
    ['an unknown host', () => 'postgres://u:hidden-1@no-such-host.invalid/d', 'unreachable', 'no-such-host.invalid'],
    [
      'a wrong password',
      () => changed((url) => (url.password = 'hidden-2')),
      'refused',
      'password authentication failed',
    ],
    [
      'an unknown database',
      () => changed((url) => (url.pathname = '/no_such_db')),
      'refused',
      'no database "no_such_db"',
    ],
    ['a demand for TLS that the server does not speak', () => `${server.url}?sslmode=require`, 'unreachable', 'SSL'],
    ['a typing mistake', () => 'postgers://u:hidden-3@h/d', 'bad-url', 'postgres://'],
  ])('%s', async (_what, url, kind, words) => {
    const result = await open(url());
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.error.code).toBe(`database/${kind}`);
    expect(result.error.message).toContain(words);
    expect(result.error.hint).toBeTruthy();
    expect(JSON.stringify(result.error)).not.toMatch(/hidden-/);
    expect(JSON.stringify(result.error)).not.toContain(new URL(server.url).password);
  });

  it('a host that accepts the connection and never answers is an error too', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const result = await open(`postgres://u:hidden@127.0.0.1:${port}/d?connect_timeout=1`);
    expect(result).toMatchObject({ ok: false, error: { code: 'database/unreachable' } });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

it('its password is not printed, and is given to the masker', async () => {
  const database = await opened();
  const { password } = new URL(server.url);
  expect(database.source).toBe('external');
  expect(database.description).not.toContain(password);
  expect(database.secrets).toContain(password);
  await database.close();
});

it('sslmode=prefer works without TLS on a server without TLS, and tasks get sslmode=disable', async () => {
  const result = await open(`${server.url}?sslmode=prefer`);
  if (!result.ok) throw new Error(result.error.message);
  expect(result.value.environment).toMatchObject({
    DATABASE_URL: `${server.url}?sslmode=disable`,
    PGSSLMODE: 'disable',
  });
  await result.value.close();
});

it('tasks get the address as DATABASE_URL and as PG variables, and an application name of their own', async () => {
  const database = await opened();
  const environment = database.taskEnvironment('20261123_202126_ab12', 'load', 3);
  expect(environment).toMatchObject({ DATABASE_URL: server.url, PGAPPNAME: 'etl-tui:20261123_202126_ab12:load#3' });
  expect(environment['PGDATABASE']).toBe(new URL(server.url).pathname.slice(1));
  await database.close();
});

it('the number of connections is known: the limit, those of the run, and all', async () => {
  const database = await opened();
  expect(database.connectionLimit).toBeGreaterThan(10);
  expect(database.budget(0.8)).toBe(Math.floor(database.connectionLimit * 0.8));
  expect(database.budget(0)).toBe(1);
  const task = await connectAs(database, 'run-of-two', 'a', 1);
  const other = await connectAs(database, 'run-of-two', 'b', 1);
  const count = await database.connections('run-of-two');
  expect(count?.ofRun).toBe(2);
  expect(count?.total).toBeGreaterThanOrEqual(3);
  await Promise.all([task.end(), other.end(), database.close()]);
});

it('connections are counted by task, whatever the names of the tasks are', async () => {
  const database = await opened();
  const long = `load ${'ä'.repeat(80)}`;
  const clients = await Promise.all([
    connectAs(database, 'run-by-task', 'a', 1),
    connectAs(database, 'run-by-task', 'a', 2),
    connectAs(database, 'run-by-task', long, 1),
    connectAs(database, 'another-run', 'b', 1),
  ]);
  const count = await database.connections('run-by-task');
  expect(count?.byTask).toEqual(
    new Map([
      ['a', 2],
      [long, 1],
    ]),
  );
  expect(count?.ofRun).toBe(3);
  await Promise.all([...clients.map((client) => client.end()), database.close()]);
});

it('the limit of the database counts where less is left to it than to the server', async () => {
  const database = await opened();
  const other = await connectAs(database, 'run-with-limit', 'a', 1);
  const limitTo = (limit: number) =>
    other.query(`ALTER DATABASE "${new URL(server.url).pathname.slice(1)}" CONNECTION LIMIT ${limit}`);
  await limitTo(3);
  expect(await database.connections('run-with-limit')).toMatchObject({ limit: 3, ofRun: 1 });
  await limitTo(-1);
  expect(await database.connections('run-with-limit')).toMatchObject({ limit: database.connectionLimit });
  await Promise.all([other.end(), database.close()]);
});

it('sessions of a killed attempt are terminated, with their locks, and none of the next attempt', async () => {
  const database = await opened();
  const left = await connectAs(database, 'r1', 'load', 1);
  const next = await connectAs(database, 'r1', 'load', 2);
  await left.query('CREATE TABLE held (x int)');
  await left.query('BEGIN; LOCK TABLE held');
  const busy = left.query('SELECT pg_sleep(600)').catch((error: Error) => error.message);
  await database.sessions.endSessions('load' as TaskId, 1);
  await next.query("SET lock_timeout = '1ms'; SELECT * FROM held");
  expect(await busy).toMatch(/terminat/);
  await database.sessions.endSessions('never-started' as TaskId, 1);
  await Promise.all([next.end(), database.close()]);
});

it('sessions of attempts that end one right after the other are all terminated, without a driver warning', async () => {
  const database = await opened();
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  const left = await Promise.all([1, 2, 3].map((attempt) => connectAs(database, 'r2', 'load', attempt)));
  await Promise.all([1, 2, 3].map((attempt) => database.sessions.endSessions('load' as TaskId, attempt)));
  for (const client of left) await expect(client.query('SELECT 1')).rejects.toThrow();
  process.off('warning', note);
  expect(warnings).toEqual([]);
  await database.close();
});

it('a lost connection is reported, and reopened', async () => {
  const database = await opened();
  const losses: string[] = [];
  const stop = database.onLost((diagnostic) => losses.push(diagnostic.code));
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  // Tests of other files have sessions of that name in the same server.
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'etl-tui' AND datname = current_database()",
  );
  await expect.poll(() => losses).toEqual(['database/unreachable']);
  await expect.poll(() => database.connections()).toBeDefined();
  stop();
  await Promise.all([client.end(), database.close()]);
});

/** As a task's own client would: by the environment. */
async function connectAs(database: Database, run: string, task: string, attempt: number): Promise<pg.Client> {
  const environment = database.taskEnvironment(run, task, attempt);
  const client = new pg.Client({
    connectionString: environment['DATABASE_URL'] ?? '',
    application_name: environment['PGAPPNAME'],
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}
