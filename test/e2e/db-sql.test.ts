import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';
import { etl, inShell } from './surroundings/namespace.ts';

let database: TestDatabase;
let project: Project;

beforeAll(async () => {
  database = await createTestDatabase();
  project = createProject(`version: 1
name: shop
tasks:
  load: { command: '"$ETL_TUI" db sql load.sql', connections: 1 }
  look: { command: '"$ETL_TUI" db sql - <<< "SELECT count(*) FROM loaded"', dependencies: [load], connections: 1 }
`);
  write('load.sql', 'CREATE TABLE loaded AS SELECT 0 AS id; INSERT INTO loaded SELECT generate_series(1, 11);');
});
afterAll(async () => {
  project.remove();
  await database.close();
});

function write(name: string, text: string) {
  writeFileSync(join(project.directory, name), text);
}

const sql = (...files: readonly string[]) => project.call(['db', 'sql', ...files], { DATABASE_URL: database.url });

test('rows go to standard output as the server writes them, and what was done to standard error', async () => {
  write('a.sql', "SELECT 1, NULL, 'x y', DATE '2026-01-31', 0.10; SELECT true;");
  write('b.sql', 'CREATE TABLE b (id int); INSERT INTO b SELECT generate_series(1, 1200); DELETE FROM b WHERE id = 3');
  const { code, out, err } = await sql('a.sql', 'b.sql');
  expect([code, out]).toEqual([0, '1\t\tx y\t2026-01-31\t0.10\nt\n']);
  expect(err).toBe('a.sql: 2 statements, 0 rows changed\nb.sql: 3 statements, 1,201 rows changed\n');
});

test('a file takes effect as a whole or not at all, and none follows one that failed', async () => {
  write('half.sql', 'CREATE TABLE half (id int);\nINSERT INTO half VALUES (1);\nINSERT INTO hafl VALUES (2);\n');
  write('after.sql', 'CREATE TABLE after_half (id int)');
  const { code, err } = await sql('half.sql', 'after.sql');
  expect(code).toBe(1);
  expect(err).toMatch(
    /^half\.sql:3:13: error\[database\/sql-failed\]: relation "hafl" does not exist\n.*hafl.*\n +│ +\^{4}\n$/m,
  );
  write('look.sql', "SELECT to_regclass('half') IS NULL, to_regclass('after_half') IS NULL");
  expect((await sql('look.sql')).out).toBe('t\tt\n');
});

describe('what is no SQL', () => {
  test('is named with its place: a command of psql', async () => {
    write('psql.sql', 'SELECT 1;\n\\copy t from stdin\n');
    const { code, err } = await sql('psql.sql');
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/psql\.sql:2:1: .*\n(?:.*\n)*.*hint: commands that begin with "\\" need psql/),
    ]);
  });

  test('is named before anything is executed: a file that is not there', async () => {
    write('first.sql', 'CREATE TABLE first_of_two (id int)');
    const { code, err } = await sql('first.sql', 'nowhere.sql');
    expect([code, err]).toEqual([
      2,
      'error[usage/bad-argument]: "nowhere.sql" cannot be read: there is no such file\n',
    ]);
    write('look.sql', "SELECT to_regclass('first_of_two') IS NULL");
    expect((await sql('look.sql')).out).toBe('t\n');
  });
});

test('a database that does not answer is a missing precondition', async () => {
  const env = { DATABASE_URL: 'postgres://u:hidden-word@127.0.0.1:1/d' };
  const { code, err } = await project.call(['db', 'sql', 'load.sql'], env);
  expect([code, err]).toEqual([3, expect.stringContaining('error[database/unreachable]')]);
  expect(err).not.toContain('hidden-word');
});

test('a task calls it by ETL_TUI, works in the database of the run, and reports its rows', async () => {
  const { code, out } = await project.call(['--ci', '--reporter', 'json'], { DATABASE_URL: database.url });
  expect(code).toBe(0);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; report?: { rows?: number } });
  expect(events.flatMap(({ report }) => report?.rows ?? [])).toEqual([11, 0]);
  expect((await project.call(['logs', 'latest', 'look'])).out).toContain('12\n');
});

test('a signal ends a statement that takes long, here and on the server', async () => {
  write('long.sql', 'SELECT pg_sleep(600)');
  const count =
    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)' AND state = 'active' AND datname = current_database()";
  const until = (wanted: string) =>
    `until [ "$(echo "${count}" | ${etl} db sql - 2>/dev/null)" = ${wanted} ]; do :; done`;
  const script = `${etl} db sql long.sql & pid=$!; ${until('1')}; kill -TERM $pid; wait $pid || code=$?; ${until('0')}; exit $code`;
  expect((await inShell(project, script, { DATABASE_URL: database.url })).code).toBe(143);
});
