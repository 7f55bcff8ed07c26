import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../src/engine/database/database.ts';
import { openDatabase } from '../../../../src/engine/database/open-database.ts';
import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import type { CheckDefinition, CheckSpec } from '../../../../src/engine/model/pipeline/pipeline.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';

/** A runner makes one attempt, whatever the check says. */
const noRetries = { retries: 0, initialMs: 0, factor: 1, maxMs: 0, jitter: false };

let server: TestDatabase;
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  server = await createTestDatabase();
  const opened = await openDatabase({
    projectDir: '/nowhere',
    env: { DATABASE_URL: server.url },
    applicationName: 'etl-tui test',
  });
  if (!opened.ok) throw new Error(opened.error.message);
  database = opened.value;
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`
    CREATE TABLE games (game_id text, season int);
    INSERT INTO games SELECT 'g' || i, 2023 FROM generate_series(1, 100) i;
    CREATE TABLE plays (game_id text, play_id int);
    INSERT INTO plays SELECT 'g' || i % 100 + 1, i FROM generate_series(1, 5000) i;
    INSERT INTO plays VALUES (NULL, 1);
    CREATE TABLE strays AS SELECT 'x' || i AS game_id FROM generate_series(1, 15) i;
    INSERT INTO strays VALUES ('x1'), ('g1');
    CREATE TABLE twice AS SELECT * FROM games UNION ALL SELECT * FROM games WHERE game_id IN ('g7', 'g8');
    CREATE SCHEMA "Mart";
    CREATE TABLE "Mart"."game summary" AS SELECT * FROM games LIMIT 98;
    CREATE TABLE empty (at timestamptz);
    CREATE TABLE loads (zoned timestamptz, plain timestamp, day date, nothing timestamptz);
    INSERT INTO loads VALUES (now() - interval '25 hours', (now() AT TIME ZONE 'UTC') - interval '25 hours',
      (now() AT TIME ZONE 'UTC')::date - 2, NULL), ('infinity', NULL, NULL, NULL);
  `);
});

afterAll(async () => {
  await client?.end();
  await database?.close();
  await server?.close();
});

function ask(question: CheckDefinition, more: Partial<CheckSpec> = {}) {
  const at = { file: 'pipeline.yaml', line: 1, col: 1, length: 1 };
  return database.checks.run({
    name: 'check',
    definition: question,
    after: [],
    onFail: 'fail',
    before: [],
    gate: false,
    timeoutMs: 20_000,
    retry: noRetries,
    at,
    ...more,
  });
}

function sql(text: string, expected: number | string | null = 0, more: Partial<CheckSpec> = {}) {
  return ask({ kind: 'sql', sql: text, expect: expected }, more);
}

const gameId = (table: string) => ({ table, column: 'game_id' });

describe('a references check', () => {
  it('passes when every value exists in the other table; NULLs do not count', async () => {
    const result = await ask({ kind: 'references', child: gameId('plays'), parent: gameId('games') });
    expect(result).toMatchObject({ check: 'check', verdict: 'pass', measured: { checked_rows: 5000, orphan_rows: 0 } });
    expect(result.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('names the first rows whose value does not exist there', async () => {
    const result = await ask({ kind: 'references', child: gameId('strays'), parent: gameId('public.games') });
    expect(result).toMatchObject({ verdict: 'fail', measured: { checked_rows: 17, orphan_rows: 16, orphan_keys: 15 } });
    expect(result.measured['first_keys']).toEqual(['x1', 'x10', 'x11', 'x12', 'x13', 'x14', 'x15', 'x2', 'x3', 'x4']);
    expect(result.summary).toContain('16 of 17 rows of strays');
    expect(result.summary).toContain('x1, x10, x11');
  });

  it('only warns with on_fail: warn', async () => {
    const question = { kind: 'references', child: gameId('strays'), parent: gameId('games') } as const;
    expect(await ask(question, { onFail: 'warn' })).toMatchObject({ verdict: 'warn' });
  });

  it('between columns of types that cannot be compared is an error, not a failure', async () => {
    const parent = { table: 'plays', column: 'play_id' };
    expect(await ask({ kind: 'references', child: gameId('games'), parent })).toMatchObject({ verdict: 'error' });
  });
});

describe('a unique check', () => {
  it('passes without duplicates', async () => {
    expect(await ask({ kind: 'unique', table: 'games', columns: ['game_id', 'season'] })).toMatchObject({
      verdict: 'pass',
    });
  });

  it('names the duplicate keys', async () => {
    const result = await ask({ kind: 'unique', table: 'twice', columns: ['game_id', 'season'] });
    expect(result).toMatchObject({ verdict: 'fail', measured: { duplicate_keys: 2, surplus_rows: 2 } });
    expect(result.measured['first_keys']).toEqual(['g7, 2023', 'g8, 2023']);
  });
});

describe('a same_count check', () => {
  it('says which table has how many rows fewer, with the names as written in the file', async () => {
    const result = await ask({ kind: 'same_count', left: 'games', right: 'Mart.game summary' });
    expect(result).toMatchObject({ verdict: 'fail', measured: { left_rows: 100, right_rows: 98, difference: 2 } });
    expect(result.summary).toBe('games has 100 rows, Mart.game summary 98: 2 missing in Mart.game summary');
  });

  it('passes on equal numbers', async () => {
    expect(await ask({ kind: 'same_count', left: 'games', right: 'games' })).toMatchObject({ verdict: 'pass' });
  });
});

describe('a freshness check', () => {
  const hourMs = 3_600_000;
  it.each(['zoned', 'plain'])('measures the age of a time column (%s), and ignores infinity', async (column) => {
    const question = { kind: 'freshness', column: { table: 'loads', column } } as const;
    const young = await ask({ ...question, maxAgeMs: 26 * hourMs });
    expect(young.verdict).toBe('pass');
    expect(Number(young.measured['age_ms']) / hourMs).toBeCloseTo(25, 1);
    expect(await ask({ ...question, maxAgeMs: 24 * hourMs })).toMatchObject({ verdict: 'fail' });
  });

  it('reads a date as its midnight in UTC', async () => {
    const question = { kind: 'freshness', column: { table: 'loads', column: 'day' } } as const;
    expect(await ask({ ...question, maxAgeMs: 72 * hourMs })).toMatchObject({ verdict: 'pass' });
    expect(await ask({ ...question, maxAgeMs: 47 * hourMs })).toMatchObject({ verdict: 'fail' });
  });

  it.each([
    ['3 hours', 'fail'],
    ['10 years', 'fail'],
    // The clock of whoever wrote it may be ahead by seconds.
    ['20 seconds', 'pass'],
  ])('treats a time %s in the future as a %s', async (ahead, verdict) => {
    await client.query(`CREATE TABLE ahead AS SELECT now() + '${ahead}'::interval AS at`);
    try {
      const result = await ask({ kind: 'freshness', column: { table: 'ahead', column: 'at' }, maxAgeMs: hourMs });
      expect(result.verdict).toBe(verdict);
      // As durations are written everywhere.
      expect(result.summary).toMatch(/ is (?:\d\.\ds|\d+s|\d+h\d\dm|\d+d\d\dh) in the future/);
    } finally {
      await client.query('DROP TABLE ahead');
    }
  });

  it.each([
    [{ table: 'empty', column: 'at' }, 'empty is empty'],
    [{ table: 'loads', column: 'nothing' }, 'loads.nothing has no value'],
  ])('fails when there is no time to measure: %o', async (column, words) => {
    const result = await ask({ kind: 'freshness', column, maxAgeMs: hourMs });
    expect(result.verdict).toBe('fail');
    expect(result.summary).toContain(words);
  });
});

describe('a query check', () => {
  it.each([
    ['TABLE games LIMIT 1', 'g1'],
    ['VALUES (3), (4)', 3],
    ['/* a /* b */ */ -- c\n ((SELECT 5))', 5],
    ['with one AS (SELECT 1) SELECT * FROM one', 1],
    ['SELECT count(*) FROM games', 100],
    ['SELECT 0.00', 0],
    ["SELECT 'on'", 'on'],
    ['SELECT count(*) > 5 FROM games', 'true'],
    ['SELECT 100 -- with a remark;', 100],
    ['SELECT generate_series(1, 3000);', 1],
  ])('passes when the query returns the expected value: %s', async (text, expected) => {
    expect(await sql(text, expected)).toMatchObject({ verdict: 'pass' });
  });

  it('reports the value that the query returned, and its further columns', async () => {
    const result = await sql("SELECT count(*) AS wrong, min(game_id) AS example FROM strays WHERE game_id LIKE 'x%'");
    expect(result).toMatchObject({ verdict: 'fail', measured: { value: 16, expect: 0, example: 'x1' } });
    expect(result.summary).toBe('the query gave 16, expected 0 (example: x1)');
  });

  it('names the items of a list after all else', async () => {
    const text = `SELECT count(*), 'a' AS part, (array_agg(game_id ORDER BY game_id))[1:2] AS first_keys, ARRAY[]::text[] AS none
      FROM strays WHERE game_id LIKE 'x%'`;
    const result = await sql(text);
    expect(result.summary).toBe('the query gave 16, expected 0 (part: a): x1, x1');
    expect(result.measured).toMatchObject({ part: 'a', first_keys: ['x1', 'x1'], none: [] });
  });

  it('takes the first column, also when others have the same name', async () => {
    const twoCounts = `SELECT count(*) FILTER (WHERE x < 0), count(*) FILTER (WHERE x IS NULL), 7 AS value
      FROM (VALUES (-1), (-2)) AS t (x)`;
    expect(await sql(twoCounts, 0)).toMatchObject({
      verdict: 'fail',
      measured: { value: 2, count: '0', value_2: '7', expect: 0 },
    });
    expect(await sql(twoCounts, 2)).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['SELECT 9007199254740993', '9007199254740993', 9007199254740992],
    ['SELECT 9007199254740993::numeric', '9007199254740993.00', '9007199254740992'],
    ['SELECT 0.10::numeric(30, 20)', 0.1, '0.10000000000000000001'],
    ['SELECT 1e25::numeric', 1e25, '10000000000000000000000001'],
    ['SELECT 0.1::float8', 0.1, 0.10000000000000002],
    ["SELECT '007'::text", '007', 7],
    ["SELECT 'a '::text", 'a ', 'a'],
    ["SELECT date '2024-02-29'", '2024-02-29', '2024-03-01'],
    ["SELECT timestamp '2024-02-29 10:00'", '2024-02-29T10:00', '2024-02-29 10:01'],
    ["SELECT timestamptz '2024-02-29 10:00+00'", '2024-02-29T11:00:00+01:00', '2024-02-29 10:00:00.000001Z'],
    ["SELECT time '10:00'", '10:00', 'soon'],
    ["SELECT interval '90 min'", '1.5 hours', '1 hour'],
    ['SELECT true', 'true', 'false'],
    ['SELECT NULL', null, 0],
    ['SELECT NULL::text', null, 'NULL'],
    ['SELECT 0', 0, null],
  ])('compares exactly: %s is %s and not %s', async (text, right, wrong) => {
    expect(await sql(text, right)).toMatchObject({ verdict: 'pass' });
    expect(await sql(text, wrong)).toMatchObject({ verdict: 'fail' });
  });

  it('reports NULL as NULL', async () => {
    expect((await sql('SELECT NULL, NULL AS example')).summary).toBe('the query gave NULL, expected 0 (example: NULL)');
    expect((await sql('SELECT 1', null)).summary).toBe('the query gave 1, expected NULL');
  });

  it('reports every digit of a large number', async () => {
    const { measured, summary } = await sql('SELECT 9007199254740993', 0);
    expect(measured['value']).toBe('9007199254740993');
    expect(summary).toContain('9007199254740993');
  });

  it.each(['SELECT 1 WHERE false', 'SELECT NULL'])('fails when the query returns no row: %s', async (text) => {
    expect(await sql(text)).toMatchObject({ verdict: 'fail', measured: { value: null } });
  });
});

describe('a check that cannot run is an error with the reason', () => {
  it.each([
    ['a table that is missing', 'SELECT count(*) FROM no_such_table', 'relation "no_such_table" does not exist'],
    ['a mistake in SQL', 'SELECT 1 FRM games', 'syntax error'],
    ['two statements', 'SELECT 0; SELECT 1', 'one statement'],
    ['a deletion', 'DELETE FROM games', 'may only read'],
    [
      'a deletion in disguise',
      'WITH gone AS (DELETE FROM games RETURNING 1) SELECT count(*) FROM gone',
      'may only read',
    ],
    ['a new table', 'CREATE TABLE mine (x int)', 'may only read'],
    ['a way out', 'SELECT 1; COMMIT; DELETE FROM games', 'one statement'],
    ['the end of the transaction', 'COMMIT; DELETE FROM games', 'may only read'],
    ['a program of the server', "COPY (SELECT 1) TO PROGRAM 'touch /tmp/never'", 'may only read'],
    ['an explanation that runs it', 'EXPLAIN ANALYZE DELETE FROM games', 'may only read'],
    ['code', "DO $$ BEGIN RAISE NOTICE 'x'; END $$", 'may only read'],
    ['a command behind a remark', '/* a /* b */ c */ -- d\n (DELETE FROM games)', 'may only read'],
    ['nothing', ' -- nothing', 'may only read'],
  ])('%s', async (_what, text, reason) => {
    const result = await sql(text);
    expect(result.verdict).toBe('error');
    expect(result.summary).toContain(reason);
    const { rows } = await client.query('SELECT count(*)::int AS n FROM games');
    expect(rows).toEqual([{ n: 100 }]);
  });

  it('a timeout above 24 days is valid, although timers and the server cannot count that far', async () => {
    expect(await sql('SELECT 0', 0, { timeoutMs: 366 * 86_400_000 })).toMatchObject({ verdict: 'pass' });
  });

  it('a query that exceeds its timeout is cancelled in the server', async () => {
    const result = await sql("SELECT pg_sleep(600), 'slow_check'", 0, { timeoutMs: 200 });
    expect(result).toMatchObject({ verdict: 'error', summary: 'timed out after 0.2s' });
    const { rows } = await client.query(
      "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%slow_check%' AND pid <> pg_backend_pid() AND datname = current_database()",
    );
    expect(rows).toEqual([]);
  });

  it('a query still running at the end of the run is cancelled in the server', async () => {
    const opened = await openDatabase({
      projectDir: '/nowhere',
      env: { DATABASE_URL: server.url },
      applicationName: 'etl-tui left',
    });
    if (!opened.ok) throw new Error(opened.error.message);
    const left = opened.value.checks.run({
      name: 'left',
      definition: { kind: 'sql', sql: 'SELECT pg_sleep(600)', expect: 0 },
      after: [],
      onFail: 'fail',
      before: [],
      gate: false,
      timeoutMs: 900_000,
      retry: noRetries,
      at: { file: 'pipeline.yaml', line: 1, col: 1, length: 1 },
    });
    const sleeping = async () =>
      (
        await client.query(
          "SELECT 1 FROM pg_stat_activity WHERE application_name = 'etl-tui left:checks' AND datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%'",
        )
      ).rows.length;
    await expect.poll(sleeping).toBe(1);
    await opened.value.close();
    expect(await left).toMatchObject({ verdict: 'error' });
    await expect.poll(sleeping).toBe(0);
  });

  it('table and column names with quotes are quoted, never executed', async () => {
    const result = await ask({ kind: 'same_count', left: 'games', right: 'games"; DROP TABLE games; --' });
    expect(result).toMatchObject({ verdict: 'error', measured: { sqlstate: '42P01' } });
  });
});

it('no session of a check is left behind', async () => {
  await Promise.all(Array.from({ length: 6 }, () => sql('SELECT 0')));
  const count =
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'etl-tui test:checks' AND datname = current_database()";
  await expect.poll(async () => (await client.query(count)).rows[0]).toEqual({ count: '0' });
});

describe('checks with a login that may do more than read', () => {
  const role = `reader_${process.pid}`;
  let admin: Database | undefined;
  let warnings: Diagnostic[];

  const openAs = async (url: string) => {
    warnings = [];
    const opened = await openDatabase({
      projectDir: '/nowhere',
      env: { DATABASE_URL: url },
      applicationName: 'etl-tui test',
      onWarning: (warning) => warnings.push(warning),
    });
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  };
  const asked = async (database: Database | undefined, text: string, expected: number | string = 0) =>
    database?.checks.run({
      name: 'check',
      definition: { kind: 'sql', sql: text, expect: expected },
      after: [],
      onFail: 'fail',
      before: [],
      gate: false,
      timeoutMs: 20_000,
      retry: noRetries,
      at: { file: 'pipeline.yaml', line: 1, col: 1, length: 1 },
    });

  beforeAll(async () => {
    if (server.superuserUrl === undefined) return;
    await client.query(`CREATE SCHEMA etl_admin; CREATE TABLE etl_admin.own_table AS SELECT 1 AS x;
      CREATE TABLE guarded AS SELECT 1 AS x; ALTER TABLE guarded ENABLE ROW LEVEL SECURITY`);
    admin = await openAs(server.superuserUrl);
  });

  afterAll(() => admin?.close());

  it.each([
    ['a file of the server is out of reach', "SELECT length(pg_read_file('PG_VERSION'))", 'permission denied'],
    ['its rights do not come back by a setting', "SELECT set_config('role', 'none', false)", 'set_config'],
    ['nor by a statement', 'RESET ROLE', 'may only read'],
    [
      'nor by a setting that is hidden',
      "SELECT query_to_xml('SELECT set_' || 'config(''role'', ''none'', true)', true, true, '')",
      'may not change its role',
    ],
    ['rows that a policy hides are an error, not an empty table', 'SELECT count(*) FROM guarded', 'row-level security'],
  ])('%s', async (_what, text, reason) => {
    if (admin === undefined) return;
    const result = await asked(admin, text);
    expect(result?.verdict).toBe('error');
    expect(result?.summary).toContain(reason);
  });

  it('find and read tables as before, whoever owns them', async () => {
    if (admin === undefined) return;
    expect(await asked(admin, 'SELECT count(*) FROM games', 100)).toMatchObject({ verdict: 'pass' });
    expect(await asked(admin, 'SELECT x FROM own_table', 1)).toMatchObject({ verdict: 'pass' });
    expect(await asked(admin, 'SELECT current_user', 'pg_read_all_data')).toMatchObject({ verdict: 'pass' });
    expect(warnings).toEqual([]);
  });

  it('warn once when the login cannot drop its privileges', async () => {
    if (server.superuserUrl === undefined) return;
    const superuser = new pg.Client({ connectionString: server.superuserUrl });
    await superuser.connect();
    await superuser.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader' IN ROLE pg_execute_server_program`);
    try {
      const url = new URL(server.url);
      url.username = role;
      url.password = 'reader';
      const database = await openAs(url.href);
      expect(await asked(database, 'SELECT current_user', role)).toMatchObject({ verdict: 'pass' });
      expect(await asked(database, 'SELECT 0')).toMatchObject({ verdict: 'pass' });
      expect(warnings).toMatchObject([{ code: 'database/unrestricted-checks', severity: 'warning' }]);
      await database.close();
    } finally {
      await superuser.query(`DROP ROLE ${role}`);
      await superuser.end();
    }
  });
});
