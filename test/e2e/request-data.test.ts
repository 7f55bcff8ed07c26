import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject } from './command-line.ts';

const pipeline = `
version: 1
name: league
tasks:
  games: { command: "true", connections: 1 }
  plays: { command: "true", connections: 1, dependencies: [games] }
checks:
  - name: all_games_have_plays
    sql: SELECT count(*) FROM games g WHERE NOT EXISTS (SELECT FROM plays p WHERE p.game_id = g.game_id)
    after: [plays]
    on_fail: warn
requests:
  freshness: { games: games.loaded_at }
  completeness: [all_games_have_plays]
  deliverables:
    games: { table: games, tasks: [games] }
    plays: { table: plays, tasks: [plays], checks: [all_games_have_plays] }
    mart: { table: mart, tasks: [plays] }
`;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  await client.query(`CREATE TABLE games (game_id int, loaded_at timestamptz); CREATE TABLE plays (game_id int);
    INSERT INTO games VALUES (1, now() - interval '10 minutes'), (2, now() - interval '2 days');
    INSERT INTO plays VALUES (1), (2), (2)`);
});

afterAll(async () => {
  await client.end();
  await database.close();
});

function project() {
  const { directory, call, remove } = createProject(pipeline);
  onTestFinished(remove);
  const env = { DATABASE_URL: database.url };
  const ask = (request: string) => {
    writeFileSync(join(directory, 'r.yaml'), `type: data_refresh_request\nfrom: Research\n${request}`);
    return call(['request', 'r.yaml'], env);
  };
  const active = join(directory, 'handoffs/active');
  const answer = () => parse(readFileSync(join(active, readdirSync(active)[0]!), 'utf8'));
  return { ask, answer, directory, run: () => call(['run'], env) };
}

describe('a request for data in PostgreSQL', () => {
  test('leaves out what is fresh enough, and measures and counts the rest', async () => {
    const { ask, answer, run } = project();
    expect((await run()).code).toBe(0);
    const { code, out, err } = await ask(
      'freshness: "< 1 hour"\ncompleteness: 100%\nexpected_deliverables: [games, plays]\n',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/ {2}left out {4}games: games\.loaded_at is 1\dm\w* old, within 1h; done by run \w+\n/);
    expect(out).toContain('  ✓ plays  plays, 3 rows\n');
    expect(answer()).toMatchObject({
      status: 'fulfilled',
      deliverables: [
        { name: 'games', status: 'delivered', rows: 2 },
        { name: 'plays', status: 'delivered', rows: 3 },
      ],
      freshness: {
        required: '< 1 hour',
        met: true,
        measured: [{ task: 'games', column: 'games.loaded_at', fresh: true }],
      },
      completeness: { met: true, checks: ['all_games_have_plays'] },
      tasks: { succeeded: ['plays'], left_out: [{ task: 'games' }] },
    });
    const password = new URL(database.url).password;
    if (password !== '') expect(JSON.stringify(answer())).not.toContain(password);
  });

  test('runs what is fresh only by its column, and says when it is too old', async () => {
    const { ask, answer } = project();
    const fresh = await ask('freshness: "< 1 hour"\nexpected_deliverables: games\n');
    expect([fresh.code, fresh.out]).toEqual([0, expect.stringContaining('  runs        games\n')]);
    const old = project();
    const { code } = await old.ask('freshness: "< 1 min"\nexpected_deliverables: games\n');
    expect(code).toBe(4);
    expect(answer()).toMatchObject({ status: 'fulfilled' });
    expect(old.answer()).toMatchObject({
      status: 'partly_fulfilled',
      verdict: 'check-failed',
      freshness: { met: false, measured: [{ fresh: false }] },
    });
  });

  test('fails where something is missing, when completeness is required, and warns otherwise', async () => {
    await client.query('BEGIN; DELETE FROM plays WHERE game_id = 1; COMMIT');
    onTestFinished(async () => void (await client.query('INSERT INTO plays VALUES (1)')));
    const lenient = project();
    expect((await lenient.ask('expected_deliverables: plays\n')).code).toBe(0);
    expect(lenient.answer()).toMatchObject({
      status: 'fulfilled',
      deliverables: [{ notes: [expect.stringContaining('check all_games_have_plays warns')] }],
    });
    const strict = project();
    expect((await strict.ask('completeness: 100%\nexpected_deliverables: plays\n')).code).toBe(4);
    expect(strict.answer()).toMatchObject({
      status: 'not_fulfilled',
      completeness: { met: false },
      deliverables: [{ status: 'not_delivered', why: expect.stringContaining('check all_games_have_plays failed: ') }],
    });
  });

  test('delivers no table that does not exist', async () => {
    const { ask, answer } = project();
    expect((await ask('expected_deliverables: mart\n')).code).toBe(1);
    expect(answer()).toMatchObject({
      deliverables: [{ status: 'not_delivered', why: expect.stringContaining('check mart_rows had an error: ') }],
    });
  });
});
