import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { openScreen } from '../support/screen.ts';
import { createProject, type Ended, type Project, program } from './command-line.ts';

const canary = 'hunter2-canary';
const plain = 'version: 1\nname: shop\nlimits: { disk_free: 1MB, memory: 1 }\ntasks: { a: { command: "true" } }\n';

const projects: Project[] = [];

function project(text = plain, file?: string): Project {
  const created = createProject(text, file);
  projects.push(created);
  return created;
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

type Row = {
  readonly subject: string;
  readonly state: string;
  readonly found: string;
  readonly advice: string | null;
  readonly code: string | null;
};

type Examination = {
  readonly code: number | null;
  readonly status: string;
  readonly of: (subject: string) => readonly Row[];
};

async function examine(
  { call }: Project,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Examination> {
  const ended = await call(['doctor', '--json', ...args], env);
  expect(ended.err).toBe('');
  expect(ended.out).not.toContain(canary);
  const { status, results } = JSON.parse(ended.out) as { status: string; results: readonly Row[] };
  return { code: ended.code, status, of: (subject) => results.filter((row) => row.subject === subject) };
}

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Programs for the PATH of a call. */
function withPrograms({ directory }: Project, scripts: Readonly<Record<string, string>>): { readonly PATH: string } {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin` };
}

describe('etl-tui doctor', () => {
  test("looks at a person's own keys and colours, whose mistakes stop no run", async () => {
    const here = project();
    const directory = join(here.directory, '.config/etl-tui');
    const file = join(directory, 'config.yaml');
    const env = { HOME: here.directory, XDG_CONFIG_HOME: '', ETL_TUI_CONFIG: '' };
    const config = async () => {
      const { code, of } = await examine(here, env);
      return { code, rows: of('config') };
    };
    expect(await config()).toMatchObject({
      code: 0,
      rows: [{ state: 'ok', found: expect.stringContaining(`no ${file}`) }],
    });
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, 'theme: light\n');
    expect(await config()).toMatchObject({ code: 0, rows: [{ state: 'ok', found: `${file} is valid` }] });
    writeFileSync(file, 'theme: lihgt\nscreen: { bel: false }\n');
    const { code, rows } = await config();
    expect(code).toBe(0);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      state: 'warning',
      code: expect.stringMatching(/^spec\//),
      advice: expect.stringContaining('light'),
    });
    expect(rows[0]?.found).toContain(`${file}:1:8: `);
    expect(rows[0]?.found).toContain('(and 1 other mistake)');
  });

  test('says in a line each what it has looked at, and leaves nothing behind', async () => {
    const { call, directory } = project();
    const { code, out, err } = await call(['doctor', '--ascii']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\+ node +\d+\.\d+\.\d+; etl-tui \d/m);
    expect(out).toMatch(/^\+ bash +\d+\.\d+.*, \/.*bash$/m);
    expect(out).toMatch(/^\+ pipeline +pipeline\.yaml is valid: 1 task$/m);
    expect(out).toMatch(/^\+ logs +.*logs\/etl: [\d.]+ [MGT]B free$/m);
    expect(out).toMatch(/^\+ terminal +none here: a run prints a log$/m);
    expect(out).toMatch(/\nnothing is wrong\n$/);
    expect(readdirSync(directory)).toEqual(['pipeline.yaml']);
  });

  test('works without a pipeline, and calls one that was named and is not there a problem', async () => {
    const nowhere = project('', 'notes.txt');
    const there = await examine(nowhere);
    expect([there.code, there.of('pipeline')[0]?.state]).toEqual([0, 'ok']);
    const named = await examine(nowhere, {}, ['absent.yaml']);
    expect(named.code).toBe(3);
    expect(named.of('pipeline')).toMatchObject([{ state: 'problem', code: 'usage/no-pipeline' }]);
  });

  test('a pipeline with mistakes is a problem with the code and place of the first', async () => {
    const { code, of } = await examine(
      project(`env: { API_TOKEN: ${canary}, 1BAD: x }\ntasks: { a: { comand: x } }\n`),
    );
    expect(code).toBe(3);
    expect(of('pipeline')).toMatchObject([{ state: 'problem', code: 'spec/bad-name' }]);
    expect(of('pipeline')[0]?.found).toMatch(/^pipeline\.yaml:1:\d+: "1BAD" /);
    expect(of('pipeline')[0]?.advice).toMatch(/etl-tui validate names all \d mistakes$/);
    expect(of('bash')).toMatchObject([{ state: 'ok' }]);
  });

  test('a file of variables that is missing is a problem at its place', async () => {
    const { code, of } = await examine(project(`env_file: [.env]\n${plain}`));
    expect(code).toBe(3);
    expect(of('pipeline')).toMatchObject([{ state: 'ok' }, { state: 'problem', code: 'run/no-env-file' }]);
    const broken = project(`env_file: [.env]\n${plain}`);
    writeFileSync(join(broken.directory, '.env'), `API_TOKEN=${canary}\n${canary} is no variable\n`);
    const mistaken = await examine(broken);
    expect(mistaken.of('pipeline')).toMatchObject([{ state: 'ok' }, { state: 'problem', code: 'run/bad-env-file' }]);
  });

  test('a program that a command names is looked for, and psql, Python and R have their version told', async () => {
    const tasks = `
  load: { command: [no-such-loader] }
  clean: { command: "python3 clean.py && psql -f x.sql" }
  model: { command: [Rscript, model.R] }
  calc: { command: [awk, BEGIN] }
`;
    const one = project(`version: 1\nname: shop\nlimits: { memory: 1 }\ntasks:${tasks}`);
    const env = withPrograms(one, {
      psql: 'echo "psql (PostgreSQL) 15.2 (Debian)"',
      Rscript: 'echo "version 4.2.2" >&2; exit 127',
    });
    const { code, of } = await examine(one, { ...env, PGHOST: '127.0.0.1', PGPORT: '1' });
    const rows = of('program');
    expect(code).toBe(3);
    expect(rows).toContainEqual(
      expect.objectContaining({
        state: 'problem',
        found: 'command not found: no-such-loader; every attempt of load will fail',
        code: 'run/command-not-found',
      }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ state: 'ok', found: `psql 15.2, ${one.directory}/bin/psql` }),
    );
    expect(rows.find(({ found }) => found.startsWith('Rscript'))).toMatchObject({ state: 'problem' });
    expect(rows).toContainEqual(expect.objectContaining({ state: 'ok', found: 'awk: found' }));
  });

  test('a program that hangs is told after a few seconds', async () => {
    const one = project(plain.replace('"true"', '[Rscript, x.R]'));
    const env = withPrograms(one, { Rscript: 'sleep 60 & echo $! > sleeper; wait' });
    const { code, of } = await examine(one, env);
    expect(code).toBe(3);
    expect(of('program')[0]?.found).toMatch(/^Rscript does not run .*: it does not answer within 4s$/);
    // What it has started is ended with it.
    const sleeper = Number(readFileSync(join(one.directory, 'sleeper'), 'utf8'));
    await expect.poll(() => isAlive(sleeper)).toBe(false);
  });

  test('too little room for logs is a warning, and a log directory that cannot be one is a problem', async () => {
    const full = await examine(project(plain.replace('1MB', '900TB')));
    expect([full.code, full.status]).toEqual([0, 'warning']);
    expect(full.of('logs')).toMatchObject([{ state: 'warning', code: 'run/little-left' }]);
    expect(full.of('state')).toMatchObject([{ state: 'warning', code: 'run/little-left' }]);
    const wrong = await examine(project(), {}, ['--log-dir', 'pipeline.yaml/logs']);
    expect(wrong.code).toBe(3);
    expect(wrong.of('logs')).toMatchObject([{ state: 'problem', code: 'run/cannot-write' }]);
  });

  test('a run that is under way holds its lock, and one that was killed leaves it, with the call that finishes it', async () => {
    const one = project(plain.replace('"true"', '"echo begun; sleep 600"'));
    const running = one.start(['run', '--reporter', 'json']);
    await running.says('task.started');
    const id = /"run":"([^"]+)"/.exec(running.out())?.[1];
    const during = await examine(one);
    expect(during.of('locks')).toMatchObject([{ state: 'ok', found: expect.stringContaining(`run ${id}`) }]);
    running.child.kill('SIGKILL');
    await running.ended;
    const after = await examine(one);
    expect(after.code).toBe(0);
    expect(after.of('locks')).toMatchObject([
      {
        state: 'warning',
        found: `run ${id} of pipeline "shop" died, and left its lock`,
        advice: `the next run takes the lock over; etl-tui run --resume ${id} finishes that one`,
      },
    ]);
    await one.call(['run', '--only', 'a', '--dry-run']);
  });

  test('proxies are named without what logs in to them, and asked whether they answer', async () => {
    const proxy: Server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { readonly port: number };
    const one = project();
    const answers = await examine(one, { HTTPS_PROXY: `http://user:${canary}@127.0.0.1:${port}` });
    proxy.close();
    expect(answers.of('proxy')).toMatchObject([
      { state: 'ok', found: `HTTPS_PROXY is http://***@127.0.0.1:${port}, which answers` },
    ]);
    const silent = await examine(one, { https_proxy: 'http://127.0.0.1:1', HTTPS_PROXY: `socks5://x:${canary}@h:1` });
    expect(silent.code).toBe(0);
    expect(silent.of('proxy').map(({ found }) => found)).toEqual([
      'https_proxy is http://127.0.0.1:1: it cannot be reached (ECONNREFUSED)',
      'https_proxy and HTTPS_PROXY are both set, and differ; etl-tui takes https_proxy',
    ]);
    const none = await examine(one, { HTTP_PROXY: canary });
    expect(none.of('proxy')).toMatchObject([{ state: 'warning', found: 'HTTP_PROXY is not an address' }]);
  });

  test('the terminal is as the screen would have it', async () => {
    const { directory } = project();
    const seen = async (columns: number, rows: number, env: Readonly<Record<string, string | undefined>>) => {
      const surroundings = { DATABASE_URL: undefined, LC_ALL: undefined, LC_CTYPE: undefined, LANG: 'C.UTF-8', ...env };
      const screen = openScreen(process.execPath, [program, 'doctor'], {
        columns,
        rows,
        cwd: directory,
        env: surroundings,
      });
      const { code, out }: Ended = { signal: null, ...(await screen.ended()) };
      await screen.close();
      expect(code).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are colours
      return out.replace(/\x1b\[\d+m/g, '').replaceAll('\r', '');
    };
    expect(await seen(200, 40, {})).toMatch(/^✓ terminal +xterm-256color, 200x40, 256 colours, Unicode$/m);
    expect(await seen(200, 10, {})).toMatch(/^! terminal .*200x10.*; a screen needs 60x15$/m);
    expect(await seen(200, 40, { LANG: 'C', NO_COLOR: '1' })).toMatch(
      /^! terminal .*no colours, ASCII only: the locale is not UTF-8$/m,
    );
    expect(await seen(200, 40, { CI: 'true' })).toMatch(/^! terminal .*; a run prints a log: CI is set$/m);
  });
});

describe('the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  const needy = plain.replace('"true"', '"true", connections: 1');

  test('has its version, the rights of its login and its connections told', async () => {
    const { code, of } = await examine(project(needy), { DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(of('database')).toMatchObject([
      { state: 'ok', found: expect.stringMatching(/^PostgreSQL at postgres:\/\/.*, version \d+/) },
    ]);
    expect(of('rights')[0]?.found).toMatch(/^"\w+" may create tables in "public", schemas/);
    expect(of('connections')[0]?.found).toMatch(/^others hold \d+ of \d+; tasks may hold up to \d+$/);
  });

  test('in which nothing can be created is told with what to do', async () => {
    const options = (text: string) => `${database.url}?options=${encodeURIComponent(text)}`;
    const lost = await examine(project(needy), { DATABASE_URL: options('-c search_path=nowhere') });
    expect(lost.of('rights')).toMatchObject([
      { state: 'warning', found: expect.stringContaining('leads to no schema') },
    ]);
    const readOnly = await examine(project(needy), { DATABASE_URL: options('-c default_transaction_read_only=on') });
    expect(readOnly.code).toBe(3);
    expect(readOnly.of('database')).toMatchObject([
      { state: 'problem', found: expect.stringContaining('nothing can be written there') },
    ]);
  });

  test('that does not answer is a problem only where one is needed', async () => {
    const DATABASE_URL = `postgres://u:${canary}@127.0.0.1:1/d`;
    const needed = await examine(project(needy), { DATABASE_URL });
    expect(needed.code).toBe(3);
    expect(needed.of('database')).toMatchObject([{ state: 'problem', code: 'database/unreachable' }]);
    const other = await examine(project(), { DATABASE_URL });
    expect(other.code).toBe(0);
    expect(other.of('database')).toMatchObject([{ state: 'warning', code: 'database/unreachable' }]);
    const bad = await examine(project(needy), { DATABASE_URL: `mysql://u:${canary}@h/d` });
    expect(bad.of('database')).toMatchObject([{ state: 'problem', code: 'database/bad-url' }]);
  });

  test('of the project itself is not started, and its version is told', async () => {
    const one = project(needy);
    const { of } = await examine(one);
    expect(of('database')[0]?.found).toMatch(
      /^the project's own PostgreSQL \d+\.\d+: the first run creates it in \.etl-tui\/db$/,
    );
    expect(readdirSync(one.directory)).toEqual(['pipeline.yaml']);
  });

  test('that is running as the project\u2019s own is looked at, and goes on', async () => {
    const one = project(needy);
    await one.call(['db', 'start']);
    const { code, of } = await examine(one);
    const status = await one.call(['db', 'status']);
    await one.call(['db', 'stop']);
    expect(code).toBe(0);
    expect(of('database')[0]?.found).toMatch(/^embedded PostgreSQL \d+\.\d+ in .*pg\d+ \(port \d+\)$/);
    expect(of('rights')).toEqual([]);
    expect(of('connections')).toMatchObject([{ state: 'ok' }]);
    expect(status.out).toContain('kept running');
  });
});
