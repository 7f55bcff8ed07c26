import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../../src/engine/database/database.ts';
import { openDatabase } from '../../../../src/engine/database/open-database.ts';
import type { DatabaseCheck } from '../../../../src/engine/model/pipeline/pipeline.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';

let server: TestDatabase;
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  server = await createTestDatabase();
  const opened = await openDatabase({
    projectDir: '/nowhere',
    env: { DATABASE_URL: server.url },
    applicationName: 'etl-tui kinds',
  });
  if (!opened.ok) throw new Error(opened.error.message);
  database = opened.value;
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`
    CREATE TABLE plays (game_id text, play_id int, kind text, epa float8, wp real, day date, PRIMARY KEY (game_id, play_id));
    INSERT INTO plays SELECT 'g' || i % 3, i, (ARRAY['pass', 'run'])[1 + i % 2], i / 10.0 - 5, 0.7, '2024-01-01'
      FROM generate_series(1, 100) i;
    INSERT INTO plays VALUES ('g9', 1, NULL, NULL, NULL, NULL), ('g9', 2, 'punt', 'NaN', 0.1, '2031-05-05'),
      ('g9', 3, 'punt', -77, 0.1, '2024-01-01'), ('g9', 4, 'kick', 99, 0.1, '2024-01-01');
    CREATE TABLE loose (a int, b text);
    INSERT INTO loose VALUES (1, 'x'), (NULL, 'y'), (NULL, NULL);
    CREATE VIEW few AS SELECT * FROM plays WHERE game_id = 'g9';
    CREATE SCHEMA "Mart";
    CREATE TABLE "Mart".games AS SELECT 'g' || i AS game_id, 2020 + i AS season FROM generate_series(0, 4) i;
  `);
});

afterAll(async () => {
  await client?.end();
  await database?.close();
  await server?.close();
});

function ask(definition: DatabaseCheck, past: readonly number[] = []) {
  const at = { file: 'pipeline.yaml', line: 1, col: 1, length: 1 };
  const retry = { retries: 0, initialMs: 0, factor: 1, maxMs: 0, jitter: false };
  const more = { onFail: 'fail', gate: false, timeoutMs: 20_000, retry, at } as const;
  const check = { name: 'c', after: [], before: [], ...more };
  return database.checks.run({ ...check, definition }, past);
}

const column = (name: string) => ({ table: 'plays', column: name });

describe('a not_null check', () => {
  test('counts rows with a NULL in each column, and names them by their primary key', async () => {
    const result = await ask({ kind: 'not_null', table: 'plays', columns: ['kind', 'epa', 'game_id'] });
    expect(result).toMatchObject({
      verdict: 'fail',
      summary: '1 of 104 rows of plays have a NULL in kind (1), epa (1): g9, 1',
      measured: { checked_rows: 104, null_rows: 1, null_in_kind: 1, null_in_epa: 1, null_in_game_id: 0 },
      value: 1,
    });
    expect(result.measured['first_keys']).toEqual(['g9, 1']);
  });

  test('names a row of a table without a key, or of a view, by all that is in it', async () => {
    expect((await ask({ kind: 'not_null', table: 'loose', columns: ['a'] })).measured['first_keys']).toEqual([
      '(,)',
      '(,y)',
    ]);
    expect((await ask({ kind: 'not_null', table: 'few', columns: ['kind'] })).summary).toContain('(g9,1,,,,)');
  });

  test('passes when there is none, also for a table without rows', async () => {
    expect(await ask({ kind: 'not_null', table: 'plays', columns: ['play_id'] })).toMatchObject({
      verdict: 'pass',
      summary: 'no NULL in play_id (104 rows of plays)',
      value: 0,
    });
    expect(await ask({ kind: 'not_null', table: 'plays', columns: ['epa'], where: 'false' })).toMatchObject({
      verdict: 'pass',
    });
  });
});

describe('an accepted_values check', () => {
  test('counts rows with different values, and names these; NULLs do not count', async () => {
    const result = await ask({ kind: 'accepted_values', column: column('kind'), values: ['pass', 'run'] });
    expect(result).toMatchObject({
      verdict: 'fail',
      summary: '3 of 103 rows of plays have a value of kind that is not accepted: kick, punt',
      measured: { checked_rows: 103, wrong_rows: 3, wrong_values: 2, first_keys: ['kick', 'punt'] },
      value: 3,
    });
  });

  test('reads values as those of the column', async () => {
    const numbers = Array.from({ length: 100 }, (_, at) => `0${at + 1}`);
    expect(await ask({ kind: 'accepted_values', column: column('play_id'), values: numbers })).toMatchObject({
      verdict: 'pass',
      summary: 'every plays.play_id is one of the 100 accepted values (104 rows)',
    });
    const result = await ask({ kind: 'accepted_values', column: column('play_id'), values: ['one'] });
    expect(result).toMatchObject({ verdict: 'error' });
    expect(result.summary).toContain('invalid input syntax for type integer');
  });

  test('quotes in values are part of them', async () => {
    const values = ["it's", "x') OR true --", 'back\\slash'];
    expect(await ask({ kind: 'accepted_values', column: column('kind'), values })).toMatchObject({ value: 103 });
  });
});

describe('a range check', () => {
  test('counts rows below, above and without a number, and names each with its value', async () => {
    expect(await ask({ kind: 'range', column: column('epa'), min: -20, max: 20 })).toMatchObject({
      verdict: 'fail',
      summary:
        '3 of 103 rows of plays have epa below -20 or above 20 (from -77 to NaN): g9, 2: NaN, g9, 3: -77, g9, 4: 99',
      measured: { checked_rows: 103, outside_rows: 3, lowest: '-77', highest: 'NaN' },
      value: 3,
    });
    expect(await ask({ kind: 'range', column: column('epa'), min: -100 })).toMatchObject({ value: 1 });
  });

  test('counts a bound itself as within, whatever type of numbers the column has', async () => {
    const part = { where: "game_id <> 'g9'" };
    expect(await ask({ kind: 'range', column: column('wp'), min: 0.7, max: 0.7, ...part })).toMatchObject({
      verdict: 'pass',
      summary: 'no plays.wp is below 0.7 or above 0.7 (100 rows, from 0.7 to 0.7)',
    });
    expect(await ask({ kind: 'range', column: column('play_id'), min: 0.5, max: 100 })).toMatchObject({
      verdict: 'pass',
    });
    expect(await ask({ kind: 'range', column: column('play_id'), max: 99.5, ...part })).toMatchObject({ value: 1 });
  });

  test('compares dates', async () => {
    expect(await ask({ kind: 'range', column: column('day'), max: '2030-12-31' })).toMatchObject({
      verdict: 'fail',
      value: 1,
      measured: { first_keys: ['g9, 2: 2031-05-05'] },
    });
  });
});

describe('a row_count check', () => {
  test.each([
    [{ min: 100, max: 104 }, 'pass', 'plays has 104 rows, at least 100, at most 104'],
    [{ min: 105 }, 'fail', 'plays has 104 rows, fewer than 105'],
    [{ max: 1 }, 'fail', 'plays has 104 rows, more than 1'],
    [{ min: 1, max: 2 }, 'fail', 'plays has 104 rows, more than 2'],
  ] as const)('within %j: %s', async (bounds, verdict, summary) => {
    const result = await ask({ kind: 'row_count', table: 'plays', ...bounds });
    expect(result).toMatchObject({ verdict, summary, measured: { rows: 104 }, value: 104 });
  });

  test.each([
    [[], 'pass', 'not compared with past runs: this needs 3 runs with the same parameters, and there are none'],
    [[1, 2], 'pass', 'not compared with past runs: this needs 3 runs with the same parameters, and there are 2'],
    [[100, 110, 90], 'pass', 'within 20 % of 100, the median of 3 past runs'],
    [[130, 130, 1, 130], 'pass', 'within 20 % of 130, the median of 4 past runs'],
    [[200, 208, 216], 'fail', '50 % fewer than 208, the median of 3 past runs (20 % is allowed)'],
    [[0, 0, 0], 'fail', 'more than 0, the median of 3 past runs (20 % is allowed)'],
  ] as const)('compared with past runs of %j rows: %s', async (past, verdict, words) => {
    const result = await ask({ kind: 'row_count', table: 'plays', within: 0.2 }, past);
    expect(result).toMatchObject({ verdict, summary: `plays has 104 rows, ${words}` });
  });
});

describe('a condition', () => {
  const sameSeason = { table: 'Mart.games', columns: ['season'] } as const;

  test('names columns alone or with their table, and may end in a remark', async () => {
    for (const where of ['season >= 2023', 'games.season >= 2023 -- the new ones', '/* new */ season >= 2023\n'])
      expect(await ask({ kind: 'row_count', table: 'Mart.games', max: 2, where })).toMatchObject({
        verdict: 'pass',
        value: 2,
      });
  });

  test('holds for every kind', async () => {
    const child = { table: 'Mart.games', column: 'game_id' };
    const where = "game_id = 'g1'";
    const parent = column('game_id');
    expect(await ask({ kind: 'references', child, parent })).toMatchObject({ value: 2 });
    expect(await ask({ kind: 'references', child, parent, where })).toMatchObject({ value: 0 });
    expect(await ask({ kind: 'unique', table: 'plays', columns: ['kind'], where: "kind = 'punt'" })).toMatchObject({
      value: 1,
      summary: "kind punt occurs more than once in plays where kind = 'punt' (1 row too many)",
    });
    expect(await ask({ kind: 'same_count', left: 'Mart.games', right: 'plays', where })).toMatchObject({ value: 33 });
    const ages = { kind: 'freshness', column: column('day'), maxAgeMs: 3.15e11 } as const;
    expect(await ask({ ...ages, where: "day < '2025-01-01'" })).toMatchObject({ verdict: 'pass' });
    expect(await ask({ ...ages, where: 'false' })).toMatchObject({
      verdict: 'fail',
      summary: 'plays where false is empty, so there is no fresh data',
    });
  });

  test.each([
    'true) OR (true',
    'false) UNION SELECT game_id, 1 FROM plays WHERE (true',
    'true /*',
    'true -- */ \n) OR (true',
    "season = 'x",
    'season = $a$ x',
    'true; DELETE FROM "Mart".games',
    'true;',
    'true LIMIT 1',
    'true GROUP BY season',
    ')',
    '(',
  ])('that is not whole by itself is an error, and changes nothing: %s', async (where) => {
    const result = await ask({ kind: 'unique', ...sameSeason, where });
    expect(result.verdict).toBe('error');
    const { rows } = await client.query('SELECT count(*)::int AS n FROM "Mart".games');
    expect(rows).toEqual([{ n: 5 }]);
  });

  test('says where its mistake is, and may not write or change settings', async () => {
    expect((await ask({ kind: 'unique', ...sameSeason, where: 'sesaon = 1' })).summary).toContain(
      'in "where": column "sesaon" does not exist',
    );
    const writes = "season > nextval('some_sequence')";
    await client.query('CREATE SEQUENCE some_sequence');
    expect(await ask({ kind: 'unique', ...sameSeason, where: writes })).toMatchObject({ verdict: 'error' });
    const settings = "set_config('role', 'none', true) = ''";
    expect(await ask({ kind: 'unique', ...sameSeason, where: settings })).toMatchObject({
      verdict: 'error',
      summary: 'a check may not change settings: set_config',
    });
  });
});

test('a table that is missing is an error that says so', async () => {
  expect((await ask({ kind: 'not_null', table: 'nothing', columns: ['a'] })).summary).toContain(
    'relation "nothing" does not exist',
  );
});
