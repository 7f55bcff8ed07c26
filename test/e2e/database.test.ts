import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';

const checks = `
version: 1
name: league
tasks:
  games: { command: "touch ran.txt" }
checks:
  - { name: no_orphans, kind: references, child: plays.game_id, parent: games.game_id, on_fail: fail, after: [games] }
  - { name: no_duplicates, kind: unique, table: games, columns: [game_id], on_fail: warn }
`;

describe('consistency checks', () => {
  let database: TestDatabase;
  let project: Project;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    database = await createTestDatabase();
    project = createProject(checks);
    env = { DATABASE_URL: database.url };
    await query(database, 'CREATE TABLE games (game_id text); CREATE TABLE plays (game_id text)');
    await query(database, "INSERT INTO games VALUES ('a'), ('b'), ('b'); INSERT INTO plays VALUES ('a')");
  });

  afterAll(async () => {
    project.remove();
    await database.close();
  });

  test('that only warn leave the run successful', async () => {
    const { code, out } = await project.call([], env);
    expect(out).toMatch(/✓ no_orphans +check passed/);
    expect(out).toMatch(/! no_duplicates +check warned/);
    expect(out).toContain('  checks  1 passed, 1 warned  ');
    expect(code).toBe(0);
  });

  test('that fail give exit code 4 to a run in which every task succeeded', async () => {
    await query(database, "INSERT INTO plays VALUES ('gone')");
    const { code, out } = await project.call([], env);
    expect(out).toMatch(/✓ games +succeeded/);
    expect(out).toMatch(/≠ no_orphans +check failed/);
    expect(out).toContain(', but its data is wrong');
    expect(code).toBe(4);
    expect((await project.call(['--no-checks'], env)).code).toBe(0);
  });

  test('are run by "check" without running a task', async () => {
    const fresh = createProject(checks);
    const { code, out } = await fresh.call(['check', '--output', 'results/checks.json'], env);
    expect(out).toMatch(/≠ no_orphans +check failed/);
    expect(out).toContain('\nchecks: 1 warned, 1 failed\n');
    expect(code).toBe(4);
    expect(existsSync(join(fresh.directory, 'ran.txt'))).toBe(false);
    const report = JSON.parse(readFileSync(join(fresh.directory, 'results/checks.json'), 'utf8'));
    expect(report).toMatchObject({ status: 'fail', summary: { fail: 1, warn: 1, pass: 0 } });
    fresh.remove();
  });

  test('that end in an error give exit code 1', async () => {
    const other = createProject(checks.replaceAll('plays.game_id', 'absent.game_id'));
    const { code, out } = await other.call(['check'], env);
    expect(out).toMatch(/\? no_orphans +check error/);
    expect(code).toBe(1);
    other.remove();
  });

  test('exit with 3 when their database cannot be reached', async () => {
    const ended = await project.call(['check'], { DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' });
    expect(ended.err).toContain('error[database/unreachable]');
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [3], canaries: ['geheim'] });
  });
});

describe('the embedded database', () => {
  const project = createProject('version: 1\nname: own\ntasks: { a: { command: "true" } }\n');

  afterAll(async () => {
    await project.call(['db', 'stop']);
    project.remove();
  });

  test('can be started, inspected and stopped from the command line, and is not started to look at the capacity', async () => {
    expect(await project.call(['db', 'status'])).toMatchObject({
      code: 0,
      out: 'not created yet; its data will be in .etl-tui/db\n',
    });
    const absent = await project.call(['db', 'url']);
    expect(absent.err).toContain('start it with "etl-tui db start"');
    expect(absent.code).toBe(3);

    const started = await project.call(['db', 'start']);
    expect(started.out).toMatch(/^running on 127\.0\.0\.1:\d+ \(process \d+\), kept running until "etl-tui db stop"/);
    expect(started.code).toBe(0);

    const url = await project.call(['db', 'url']);
    const client = new pg.Client({ connectionString: url.out.trim() });
    await client.connect();
    await client.end();

    expect((await project.call(['capacity'])).out).toMatch(/^connections +\d+ of \d+ +\d+ +✓ free$/m);
    expect(await project.call(['db', 'stop'])).toMatchObject({ code: 0, out: 'stopped\n' });
    expect((await project.call(['capacity'])).out).not.toContain('connections');
    expect((await project.call(['db', 'status'])).out).toMatch(/^stopped; its data is in \.etl-tui\/db\/pg\d+\n$/);
    expect(await project.call(['db', 'stop'])).toMatchObject({ code: 0, out: 'it is not running\n' });
  });

  test('is not touched when DATABASE_URL names another database', async () => {
    const env = { DATABASE_URL: 'postgres://user:geheim@db.example:5433/nfl' };
    const status = await project.call(['db', 'status'], env);
    expect(status.out).toContain('db.example:5433/nfl');
    expect(status.out).not.toContain('geheim');
    expect((await project.call(['db', 'start'], env)).out).toContain('nothing to start');
    expect((await project.call(['db', 'stop'], env)).out).toContain('which etl-tui does not stop');
    expect((await project.call(['db', 'url'], env)).out).toBe(`${env.DATABASE_URL}\n`);
  });
});

async function query(database: TestDatabase, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
