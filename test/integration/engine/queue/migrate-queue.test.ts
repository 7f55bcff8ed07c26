import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../../../package.json' with { type: 'json' };
import { dbosVersion, loadDbos } from '../../../../src/engine/queue/dbos/load-dbos.ts';
import { migrateQueue } from '../../../../src/engine/queue/migrate/migrate-queue.ts';
import { openQueueClient } from '../../../../src/engine/queue/open-queue-client.ts';
import { queueAddress } from '../../../../src/engine/queue/queue-address.ts';
import { queueVersion } from '../../../../src/engine/queue/queue-schema.ts';
import { callProgram } from '../../../support/call.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.superuserUrl ?? database.url });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
  await database?.close();
});

const migrate = (args: readonly string[] = [], url = database.url) =>
  callProgram('/', ['db', 'migrate', ...args], { ETL_TUI_QUEUE: url });

const addressOf = (url: string) => {
  const address = queueAddress({ ETL_TUI_QUEUE: url });
  if (!address.ok) throw new Error(address.error.message);
  return address.value;
};

const open = (url: string) => openQueueClient(addressOf(url), { applicationName: 'test' });

describe('db migrate', () => {
  it('is needed before the queue can be used, creates it once, and says so', async () => {
    const before = await open(database.url);
    expect(!before.ok && before.error.code).toBe('queue/not-migrated');
    // Two at once, since several hosts may be set up by the same script.
    const calls = await Promise.all([migrate(), migrate()]);
    expect(calls.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(calls.map(({ out }) => out.replace(/.* (was created|is up to date)/, '$1')).sort()).toEqual([
      `is up to date (version ${queueVersion})\n`,
      `was created (version ${queueVersion})\n`,
    ]);
    expect((await migrate()).out).toContain('is up to date');
    const after = await open(database.url);
    if (!after.ok) throw new Error(after.error.message);
    await after.value.close();
  });

  it('makes tables that a newer etl-tui has changed unusable for this one, and leaves them alone', async () => {
    await admin.query('UPDATE etl_queue.etl_version SET version = version + 1');
    try {
      const opened = await open(database.url);
      expect(!opened.ok && opened.error.code).toBe('queue/other-version');
      const call = await migrate();
      expect([call.code, call.err]).toEqual([3, expect.stringContaining('queue/other-version')]);
    } finally {
      await admin.query('UPDATE etl_queue.etl_version SET version = version - 1');
    }
  });

  it('lets a role use the queue that may not change its tables', async (context) => {
    if (database.superuserUrl === undefined) return context.skip();
    const role = `user_${Date.now()}`;
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'of-a-worker'`);
    const url = Object.assign(new URL(database.url), { username: role, password: 'of-a-worker' }).href;
    try {
      const refused = await open(url);
      expect(!refused.ok && [refused.error.code, refused.error.hint]).toEqual([
        'database/refused',
        expect.stringContaining(`--grant ${role}`),
      ]);
      const forbidden = await migrate([], url);
      expect([forbidden.code, forbidden.err]).toEqual([3, expect.stringContaining('queue/cannot-migrate')]);
      expect((await migrate(['--grant', role])).out).toContain(`the role ${role} may use it`);
      const opened = await open(url);
      if (!opened.ok) throw new Error(opened.error.message);
      const { query, close } = opened.value;
      expect((await query(`INSERT INTO etl_queue.etl_stop VALUES ('a', 'w', 1)`)).ok).toBe(true);
      expect(await query('DROP TABLE etl_queue.etl_stop')).toMatchObject({ ok: false, error: { code: '42501' } });
      expect(await query('CREATE TABLE etl_queue.mine ()')).toMatchObject({ ok: false, error: { code: '42501' } });
      await close();
    } finally {
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('tells what is missing: an address, a role, the database', async () => {
    expect(await callProgram('/', ['db', 'migrate'], { ETL_TUI_QUEUE: '' })).toMatchObject({
      code: 3,
      err: expect.stringContaining('queue/no-address'),
    });
    const toNobody = await migrate(['--grant', 'nobody-of-that-name']);
    expect([toNobody.code, toNobody.err]).toEqual([3, expect.stringContaining('no role "nobody-of-that-name"')]);
    expect(toNobody.err).toContain('create it first (CREATE ROLE), or name another with --grant');
    const { err } = await migrate([], 'postgres://me:secret-word@127.0.0.1:1/x');
    expect(err).toContain('ETL_TUI_QUEUE');
    expect(err).not.toContain('secret-word');
  });
});

it('uses the version of DBOS that the package asks for', async () => {
  expect(dbosVersion).toBe(manifest.peerDependencies['@dbos-inc/dbos-sdk']);
  expect((await loadDbos()).ok).toBe(true);
});

it('takes nothing for the queue from the variables of the database of the tasks', () => {
  const env = { ETL_TUI_QUEUE: 'postgres://q@queue.example/q', PGPASSWORD: 'warehouse', PGPORT: '1', HOME: '/nowhere' };
  const address = queueAddress(env);
  expect(address.ok && [address.value.password, address.value.port]).toEqual([undefined, 5432]);
});

it('migrates by a function, for tests', async () => {
  expect(await migrateQueue(addressOf(database.url))).toMatchObject({ ok: true, value: { hasChanged: false } });
});
