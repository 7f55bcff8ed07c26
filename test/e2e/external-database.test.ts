import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPsql } from '../../src/engine/database/find-psql.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';

const hasPsql = findPsql(process.env).ok;

/** The task does not name the client; what it calls does. */
const pipeline = (database: string) => `
version: 1
name: named
tasks:
  load: { command: "bash load.sh", connections: 1 }
checks:
  - { name: database, sql: "SELECT current_database()", expect: ${database} }
  - { name: path, sql: "SELECT current_setting('search_path')", expect: '"$user", public' }
`;

let database: TestDatabase;
let project: Project;
let url: URL;
let name: string;

beforeAll(async () => {
  database = await createTestDatabase();
  url = new URL(database.url);
  name = url.pathname.slice(1);
  project = createProject(pipeline(name));
  const ask = hasPsql ? 'psql -XAtc "SELECT current_database(), current_setting(\'search_path\')" > reached.txt' : ':';
  writeFileSync(join(project.directory, 'load.sh'), `set -e\n${ask}\nenv | grep ^PG | sort > variables.txt\n`);
  writeFileSync(
    join(project.directory, 'services.conf'),
    `[other]\nhost=127.0.0.1\nport=1\ndbname=other\n\n[mine]\n# as written by hand\nhost=${url.hostname}\nport=${url.port}\ndbname=${name}\n`,
  );
});

afterAll(async () => {
  project?.remove();
  await database?.close();
});

const file = (path: string) => readFileSync(join(project.directory, path), 'utf8');
const usesOwn = () => existsSync(join(project.directory, '.etl-tui/db'));

function expectReached(): void {
  if (hasPsql) expect(file('reached.txt')).toBe(`${name}|"$user", public\n`);
  expect(usesOwn()).toBe(false);
}

test('tasks and checks work on the database of DATABASE_URL, whatever else the environment holds', async () => {
  const { code, err } = await project.call(['--ci'], {
    DATABASE_URL: database.url,
    PGSERVICE: 'other',
    PGSERVICEFILE: join(project.directory, 'services.conf'),
    PGHOST: 'warehouse.invalid',
    PGHOSTADDR: '203.0.113.1',
    PGPORT: '1',
    PGUSER: 'somebody',
    PGPASSWORD: 'something',
    PGPASSFILE: '/nowhere',
    PGDATABASE: 'other',
    PGOPTIONS: '-c search_path=elsewhere',
    PGSSLMODE: 'verify-full',
    PGSSLNEGOTIATION: 'direct',
    PGSSLROOTCERT: '/nowhere',
    PGCHANNELBINDING: 'require',
    PGGSSENCMODE: 'require',
    PGREQUIREAUTH: 'none',
    PGREQUIREPEER: 'nobody',
    PGTARGETSESSIONATTRS: 'standby',
    PGMINPROTOCOLVERSION: 'latest',
  });
  expect(err).toMatch(/DATABASE_URL is set, so .*PGSSLMODE.* are not used/s);
  expect(code).toBe(0);
  expectReached();
  expect(
    file('variables.txt')
      .split('\n')
      .map((line) => line.split('=')[0]),
  ).toEqual(['PGAPPNAME', 'PGDATABASE', 'PGHOST', 'PGPASSWORD', 'PGPORT', 'PGUSER', '']);
});

describe('without DATABASE_URL', () => {
  const login = () => ({ PGUSER: url.username, PGPASSWORD: url.password });

  test('PGHOST and the other libpq variables name the database, for tasks and checks alike', async () => {
    const env = { ...login(), PGHOST: url.hostname, PGPORT: url.port, PGDATABASE: name };
    const { code, err } = await project.call(['--ci'], env);
    expect(err).toBe('');
    expect(code).toBe(0);
    expectReached();
    expect((await project.call(['db', 'status'], env)).out).toContain(`${url.host}/${name}`);
    expect((await project.call(['db', 'start'], env)).out).toContain('PGHOST, PGPORT, PGDATABASE names the database');
    expect((await project.call(['db', 'url'], env)).out).toBe(`${database.url}\n`);
  });

  test('a service file names the database, and the password may be in a password file', async () => {
    const passwords = join(project.directory, 'passwords');
    writeFileSync(passwords, `elsewhere:*:*:*:x\n*:${url.port}:${name}:${url.username}:${url.password}\n`, {
      mode: 0o600,
    });
    const { code, out, err } = await project.call(['--ci'], {
      PGSERVICE: 'mine',
      PGSERVICEFILE: join(project.directory, 'services.conf'),
      PGUSER: url.username,
      PGPASSFILE: passwords,
    });
    expect(`${out}${err}`).not.toContain(url.password);
    expect(code).toBe(0);
    expectReached();
  });

  test.each([
    ['more than one host', { PGHOST: 'a,b' }, 'more than one host'],
    ['a service that nobody knows', { PGSERVICE: 'unknown' }, 'the service "unknown" is not in'],
    ['an encryption that does not exist', { PGHOST: 'a', PGSSLMODE: 'required' }, 'not one of disable, allow'],
    ['a server that does not answer', { PGHOST: '127.0.0.1', PGPORT: '1' }, 'nothing listens there'],
  ])('%s exits with 3, and no other server is tried', async (_what, env, words) => {
    const ended = await project.call(['--ci'], env);
    expect(ended.err).toContain(words);
    expect(ended.err).toMatch(/set DATABASE_URL=|correct PGHOST, PGPORT/);
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [3] });
    expect(usesOwn()).toBe(false);
  });
});

test('a run that waits for a database that never answers ends on a signal, and releases its lock', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const env = { DATABASE_URL: `postgres://u@127.0.0.1:${port}/d?connect_timeout=600` };
  const run = project.start(['--ci'], env);
  await expect.poll(() => sockets.length).toBeGreaterThan(0);
  run.child.kill('SIGTERM');
  await expectCleanAftermath({ directory: project.directory, ended: run.ended, exitCodes: [143] });
  for (const socket of sockets) socket.destroy();
  silent.close();
  expect((await project.call(['--ci'], { DATABASE_URL: database.url })).code).toBe(0);
});

test('a DATABASE_URL that does not answer is a warning for a pipeline that names no database', async () => {
  const plain = createProject('version: 1\nname: plain\ntasks: { a: { command: "env > seen.txt" } }\n');
  const ended = await plain.call(['--ci'], { DATABASE_URL: 'postgres://u@127.0.0.1:1/d', PGPORT: '2' });
  const { out, err } = ended;
  expect(err).toMatch(/warning\[database\/unreachable\].*nothing listens there/s);
  expect(err).toContain('the run continues without it');
  expect(out).toMatch(/✓ a +succeeded/);
  await expectCleanAftermath({ directory: plain.directory, ended, exitCodes: [0] });
  // What calls psql unseen fails there, and nowhere else.
  expect(readFileSync(join(plain.directory, 'seen.txt'), 'utf8')).toMatch(/^PGPORT=1$/m);
  plain.remove();
});
