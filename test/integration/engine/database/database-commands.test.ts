import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  databaseStatus,
  databaseUrl,
  startDatabase,
  stopDatabase,
} from '../../../../src/engine/database/database-commands.ts';
import { findPsql } from '../../../../src/engine/database/find-psql.ts';
import { openDatabase } from '../../../../src/engine/database/open-database.ts';

const env = { ...process.env, DATABASE_URL: undefined };
let projectDir: string;
const options = () => ({ projectDir, env });

beforeAll(() => {
  projectDir = mkdtempSync(`${tmpdir()}/etl-tui-commands-`);
});

afterAll(async () => {
  await stopDatabase({ ...options(), force: true });
  rmSync(projectDir, { recursive: true, force: true });
});

async function useDatabase() {
  const opened = await openDatabase({ projectDir, env, applicationName: 'etl-tui' });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

describe('etl-tui db', () => {
  it('status reports that there is no server yet, and creates nothing', async () => {
    expect(await databaseStatus(options())).toMatchObject({ ok: true, value: { state: 'absent' } });
    expect(await databaseUrl(options())).toMatchObject({
      ok: false,
      error: { hint: expect.stringContaining('db start') },
    });
    expect(await stopDatabase(options())).toEqual({ ok: true, value: 'not-running' });
    expect(await databaseStatus(options())).toMatchObject({ ok: true, value: { state: 'absent' } });
  });

  it('start keeps the server running after the runs that use it, until stop', async () => {
    expect(await startDatabase(options())).toMatchObject({
      ok: true,
      value: { state: 'running', isKept: true, users: 0 },
    });
    const database = await useDatabase();
    expect(await databaseStatus(options())).toMatchObject({ ok: true, value: { state: 'running', users: 1 } });
    await database.close();
    const url = await databaseUrl(options());
    if (!url.ok) throw new Error(url.error.message);
    const client = new pg.Client({ connectionString: url.value });
    await client.connect();
    await client.end();
    expect(await stopDatabase(options())).toEqual({ ok: true, value: 'stopped' });
    expect(await databaseStatus(options())).toMatchObject({ ok: true, value: { state: 'stopped' } });
  });

  it('stop leaves a server in use running, which then stops with its run', async () => {
    await startDatabase(options());
    const database = await useDatabase();
    expect(await stopDatabase(options())).toEqual({ ok: true, value: 'in-use' });
    expect(await database.connections()).toBeDefined();
    await database.close();
    expect(await databaseStatus(options())).toMatchObject({ ok: true, value: { state: 'stopped' } });
  });

  it('leaves the server of DATABASE_URL alone, and prints it without its password', async () => {
    const external = { projectDir, env: { DATABASE_URL: 'postgres://u:hidden@db.example/d' } };
    const status = {
      ok: true,
      value: {
        state: 'external',
        description: 'PostgreSQL at postgres://u@db.example:5432/d',
        origin: 'DATABASE_URL',
      },
    };
    expect(await databaseStatus(external)).toEqual(status);
    expect(await startDatabase(external)).toEqual(status);
    expect(await stopDatabase(external)).toEqual({ ok: true, value: 'external' });
    expect(await databaseUrl(external)).toEqual({ ok: true, value: 'postgres://u:hidden@db.example/d' });
  });

  it('finds psql, or says how to install it', () => {
    expect(findPsql({ PATH: '/no/such/place' })).toMatchObject({
      ok: false,
      error: { hint: expect.stringContaining('postgresql-client') },
    });
  });
});
