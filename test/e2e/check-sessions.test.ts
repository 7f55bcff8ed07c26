import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Ended } from './command-line.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
});

describe('checks that are due at the same time', () => {
  /** The most sessions that eight checks at the end of a run, of so many seconds each, have seen beside each other. */
  async function mostSessions(
    share: number,
    seconds: number,
  ): Promise<{ readonly most: number; readonly ended: Ended }> {
    const seen = `SELECT count(*) FROM pg_sleep(${seconds}), pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'etl-tui:%:checks'`;
    const checks = Array.from(
      { length: 8 },
      (_, at) => `  - { name: c${at}, sql: "${seen.replaceAll(/\s+/g, ' ')}", expect: -1, on_fail: warn }\n`,
    );
    const project = createProject(
      `version: 1\nname: busy\nlimits: { db_connections: ${share} }\ntasks: { a: { command: "true" } }\nchecks:\n${checks.join('')}`,
    );
    const ended = await project.call(['--reporter', 'json'], { DATABASE_URL: database.url });
    project.remove();
    const results = ended.out
      .split('\n')
      .flatMap((line) => (line.includes('"check.finished"') ? [JSON.parse(line).result] : []));
    expect(results).toHaveLength(8);
    return { most: Math.max(...results.map(({ value }) => value)), ended };
  }

  test('hold as many sessions as the connection budget of the run has, at least one and at most four', async () => {
    const { rows } = await client.query("SELECT current_setting('max_connections')::int AS max");
    const oneOf = 1.5 / rows[0].max;
    expect((await mostSessions(oneOf, 0.1)).most).toBe(1);
    // Long enough for the second to begin before the first has ended.
    const { most, ended } = await mostSessions(0.8, 2);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(ended.code).toBe(0);
  });
});

test('row_count compares with the runs before, in a run and in check, and a run that fails counts as well', async () => {
  const project = createProject(`version: 1
name: usual
params: { seasons: { default: "2023" } }
tasks: { a: { command: "true" } }
checks: [{ name: many, description: about as many games as usual, kind: row_count, table: games, within: 20% }]
`);
  const env = { DATABASE_URL: database.url };
  const call = (args: readonly string[] = ['run']) => project.call(args, env);
  await client.query('CREATE TABLE games AS SELECT i FROM generate_series(1, 100) i');
  for (const known of ['none', '1', '2']) {
    const { out, code } = await call();
    expect(out).toContain(`games has 100 rows, not compared with past runs`);
    expect(out).toMatch(new RegExp(`there (is|are) ${known}`));
    expect(code).toBe(0);
  }
  expect((await call(['check'])).out).toContain('games has 100 rows, within 20 % of 100, the median of 3 past runs');
  await client.query('DELETE FROM games WHERE i > 40');
  const fewer =
    'about as many games as usual: games has 40 rows, 60 % fewer than 100, the median of 3 past runs (20 % is allowed)';
  expect((await call(['check'])).out).toContain(fewer);
  const failed = await call();
  expect(failed.out).toContain(fewer);
  expect(failed.code).toBe(4);
  expect((await call(['check', '-p', 'seasons=2024'])).out).toContain('and there are none');
  expect((await call(['check'])).out).toContain('the median of 4 past runs');
  project.remove();
});
