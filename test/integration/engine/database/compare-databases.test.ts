import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompareOptions, compareDatabases } from '../../../../src/engine/database/compare/compare-databases.ts';
import { parseColumnPattern } from '../../../../src/engine/model/pipeline/column-pattern.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';

let databases: readonly TestDatabase[] = [];
let clients: readonly pg.Client[] = [];

beforeAll(async () => {
  databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  clients = await Promise.all(
    databases.map(async ({ url }) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await Promise.all(databases.map((database) => database.close()));
});

const empty = 'DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS mart CASCADE; CREATE SCHEMA public;';

/** Makes `both` in both databases, then `second` in the second one, and compares. */
async function compare(
  both: string,
  second: string,
  { ignore = [], ...options }: { readonly ignore?: readonly string[] } & Partial<Omit<CompareOptions, 'ignore'>> = {},
) {
  for (const client of clients) await client.query(`${empty} ${both}`);
  await clients[1]!.query(second);
  return compareDatabases(
    { client: clients[0]! },
    { client: clients[1]! },
    {
      ignore: ignore.map((text) => parseColumnPattern(text)!),
      from: 0,
      to: 0,
      cache: new Map(),
      ...options,
    },
  );
}

const days = `CREATE TABLE days (day date PRIMARY KEY, amount int, note text);
  INSERT INTO days SELECT '2024-01-01'::date + i, i, 'n' || i FROM generate_series(1, 100) i;`;
const lines = `CREATE TABLE lines (name text, amount int);
  INSERT INTO lines SELECT 'l' || i, i FROM generate_series(1, 50) i;`;

describe('tables are the same', () => {
  test('whatever the order of their rows and columns', async () => {
    const again = `DROP TABLE days; CREATE TABLE days (note text, amount int, day date PRIMARY KEY);
      INSERT INTO days SELECT 'n' || i, i, '2024-01-01'::date + i FROM generate_series(100, 1, -1) i;`;
    expect(await compare(`${days} ${lines}`, again)).toMatchObject({ differences: [], tables: 2 });
  });

  test('whatever numbers a sequence gave to their rows', async () => {
    const table = 'CREATE TABLE t (id serial PRIMARY KEY, n bigint GENERATED ALWAYS AS IDENTITY, name text);';
    const { differences, leftOut } = await compare(
      `${table} INSERT INTO t (name) VALUES ('a'), ('b');`,
      "TRUNCATE t; INSERT INTO t (name) VALUES ('b'), ('a');",
    );
    expect(differences).toEqual([]);
    expect(leftOut).toEqual([
      { table: 't', column: 'id', why: 'numbered' },
      { table: 't', column: 'n', why: 'numbered' },
    ]);
  });

  test('whenever their rows were loaded, and the columns that say so are told', async () => {
    const table = `CREATE TABLE t (id int PRIMARY KEY, kickoff timestamptz, loaded_at timestamptz DEFAULT clock_timestamp(),
      stamp timestamp DEFAULT clock_timestamp(), nothing timestamptz);`;
    const { differences, leftOut } = await compare(
      `${table} INSERT INTO t (id, kickoff) VALUES (1, '2024-01-01'), (2, '2024-01-02');`,
      'UPDATE t SET loaded_at = clock_timestamp(), stamp = clock_timestamp();',
      { from: Date.now() - 60_000, to: Date.now() + 60_000 },
    );
    expect(differences).toEqual([]);
    expect(leftOut.map(({ column }) => column)).toEqual(['loaded_at', 'stamp']);
  });

  test('when what differs is to be ignored: a column of all tables, of one, or a table with its number of rows', async () => {
    const change = "UPDATE days SET note = 'x', amount = 0; INSERT INTO lines VALUES ('more', 1);";
    const { differences, leftOut } = await compare(`${days} ${lines}`, change, {
      ignore: ['note', 'public.days.amount', 'lines.*'],
    });
    expect(differences).toEqual([]);
    expect(leftOut).toContainEqual({ table: 'lines', column: '*', why: 'asked' });
  });
});

describe('rows that differ', () => {
  test('are found among many by their key, with the columns that differ', async () => {
    const many = `CREATE TABLE many (id int PRIMARY KEY, a int, b text);
      INSERT INTO many SELECT i, i, md5(i::text) FROM generate_series(1, 30000) i;`;
    const { differences } = await compare(many, 'UPDATE many SET a = a + 1 WHERE id IN (17, 20000);');
    expect(differences).toEqual([
      {
        kind: 'rows',
        table: 'many',
        expectedRows: 30_000,
        foundRows: 30_000,
        missing: 0,
        added: 0,
        changed: 2,
        repeated: 0,
        isComplete: true,
        examples: [
          { kind: 'changed', key: { id: '17' }, expected: { a: '17' }, found: { a: '18' } },
          { kind: 'changed', key: { id: '20000' }, expected: { a: '20000' }, found: { a: '20001' } },
        ],
      },
    ]);
  });

  test('are missing, should not be there, or are there once more', async () => {
    const change = `DELETE FROM lines WHERE amount = 7; INSERT INTO lines VALUES ('new', NULL);
      INSERT INTO lines SELECT * FROM lines WHERE amount IN (1, 2);`;
    const { differences } = await compare(lines, change);
    const counts = { expectedRows: 50, foundRows: 52, missing: 1, added: 1, changed: 0, repeated: 2 };
    expect(differences).toMatchObject([{ table: 'lines', ...counts }]);
    expect(differences[0]).toMatchObject({
      examples: expect.arrayContaining([
        { kind: 'repeated', row: { amount: '1', name: 'l1' }, expected: 1, found: 2 },
        { kind: 'missing', row: { amount: '7', name: 'l7' } },
        { kind: 'added', row: { amount: null, name: 'new' } },
      ]),
    });
  });

  test('of a table whose key is only a number of the database are told by another unique key', async () => {
    const table = 'CREATE TABLE t (id serial PRIMARY KEY, code text UNIQUE, n int);';
    const { differences } = await compare(
      `${table} INSERT INTO t (code, n) VALUES ('a', 1), ('b', 2);`,
      "UPDATE t SET n = 3 WHERE code = 'b';",
    );
    expect(differences).toMatchObject([
      { changed: 1, examples: [{ kind: 'changed', key: { code: 'b' }, expected: { n: '2' }, found: { n: '3' } }] },
    ]);
  });

  test('of floating-point numbers are compared to the last digit', async () => {
    const table = 'CREATE TABLE t (id int PRIMARY KEY, x double precision); INSERT INTO t VALUES (1, 0.3);';
    const { differences } = await compare(table, 'UPDATE t SET x = 0.1::float8 + 0.2::float8;');
    expect(differences).toMatchObject([
      { examples: [{ expected: { x: '0.3' }, found: { x: '0.30000000000000004' } }] },
    ]);
  });

  test('are found in materialized views, partitions and schemas of their own', async () => {
    const both = `CREATE SCHEMA mart; CREATE TABLE p (k int, v int) PARTITION BY RANGE (k);
      CREATE TABLE mart.p1 PARTITION OF p FOR VALUES FROM (0) TO (10); INSERT INTO p VALUES (1, 1);
      CREATE MATERIALIZED VIEW mart.sums AS SELECT sum(v) AS total FROM p;`;
    const { differences } = await compare(both, 'UPDATE p SET v = 2; REFRESH MATERIALIZED VIEW mart.sums;');
    expect(differences.map(({ table }) => table)).toEqual(['mart.p1', 'mart.sums']);
  });
});

describe('what is there', () => {
  test('is compared as well: tables, columns, indexes, constraints and the queries of views', async () => {
    const both = `${days} ${lines} CREATE TABLE gone (x int); CREATE VIEW v AS SELECT amount FROM days;`;
    const change = `DROP TABLE gone; CREATE TABLE fresh (x int); CREATE INDEX more ON lines (name);
      ALTER TABLE days ADD CHECK (amount > 0), ADD COLUMN extra int;
      CREATE OR REPLACE VIEW v AS SELECT amount FROM days WHERE amount > 1;`;
    const { differences } = await compare(both, change);
    expect(differences.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      'definition days',
      'no-table gone',
      'definition lines',
      'definition v',
      'new-table fresh',
    ]);
    expect(differences[0]).toMatchObject({
      missing: [],
      added: ['column extra integer', 'constraint days_amount_check CHECK ((amount > 0))'],
    });
  });

  test('a materialized view that was never refreshed is told from an empty one', async () => {
    const view = 'CREATE MATERIALIZED VIEW m AS SELECT 1 AS x WHERE false WITH NO DATA;';
    const { differences } = await compare(view, 'REFRESH MATERIALIZED VIEW m;');
    expect(differences).toEqual([{ kind: 'definition', table: 'm', missing: ['never refreshed'], added: [] }]);
  });
});

test('a table that was not written since is not read again, and one that was is', async () => {
  const cache: CompareOptions['cache'] = new Map();
  await compare(days, '', { cache });
  const before = [...cache.values()].map(({ version }) => version);
  expect(before).toHaveLength(2);
  const options = { ignore: [], from: 0, to: 0, cache };
  expect((await compareDatabases({ client: clients[0]! }, { client: clients[1]! }, options)).differences).toEqual([]);
  expect([...cache.values()].map(({ version }) => version)).toEqual(before);
  await clients[1]!.query("DELETE FROM days WHERE amount = 5; INSERT INTO days VALUES ('2024-01-06', 6, 'n5')");
  expect((await compareDatabases({ client: clients[0]! }, { client: clients[1]! }, options)).differences).toMatchObject(
    [{ changed: 1 }],
  );
});
