import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { StartRequest } from '../../../../../src/engine/ports.ts';
import { allowedPrograms } from '../../../../../src/engine/queue/wire/allowed-programs.ts';
import { decodeAttempt, type WireTarget } from '../../../../../src/engine/queue/wire/decode-attempt.ts';
import { encodeAttempt, type WireSource } from '../../../../../src/engine/queue/wire/encode-attempt.ts';
import type { WireAttempt } from '../../../../../src/engine/queue/wire/wire-form.ts';

const root = mkdtempSync(join(tmpdir(), 'wire-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const projectDir = '/srv/sales';
const run = '20260101_000000_abcd' as RunId;
const ref = { run, task: 'load' as TaskId, attempt: 2 };

const request = (env: Record<string, string>, more: Partial<StartRequest> = {}): StartRequest => ({
  ref,
  command: { kind: 'argv', argv: ['load.sh', `${projectDir}/data/x.csv`] },
  cwd: `${projectDir}/jobs`,
  env: {
    ETL_RUN_DIR: `${projectDir}/logs/etl/runs/${run}/work`,
    ETL_TUI_DIR: '/usr/lib/node_modules/etl-tui',
    ETL_TUI: '/usr/lib/node_modules/etl-tui/dist/cli/main.js',
    ...env,
  },
  killGraceMs: 5_000,
  ...more,
});

const encode = (of: StartRequest, source: Partial<WireSource> = {}) =>
  encodeAttempt(of, { projectDir, secrets: [], namedSecrets: new Map(), database: undefined, ...source });

/** As it comes out of the database. */
const travel = (of: StartRequest, source: Partial<WireSource> = {}): WireAttempt => {
  const encoded = encode(of, source);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return JSON.parse(JSON.stringify(encoded.value));
};

const arrive = (wire: WireAttempt, target: Partial<WireTarget> = {}) =>
  decodeAttempt(ref, wire, { root, env: { PATH: '/bin' }, ...target });

const arrived = (wire: WireAttempt, target: Partial<WireTarget> = {}) => {
  const decoded = arrive(wire, target);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
};

describe('what lies below the project directory', () => {
  it('is put below the root of the worker, wherever it is written', () => {
    const env = {
      ETL_PIPELINE_DIR: projectDir,
      LIST: `${projectDir}/a:${projectDir}/b`,
      OTHER: '/srv/sales-old/x',
      URL: 'https://host/srv/sales/x',
    };
    const wire = travel(request(env));
    expect(JSON.stringify(wire)).not.toContain('"/srv/sales/');
    const { request: there } = arrived(wire);
    expect(there.cwd).toBe(join(root, 'jobs'));
    expect(there.command).toEqual({ kind: 'argv', argv: ['load.sh', join(root, 'data/x.csv')] });
    expect(there.env).toMatchObject({
      ETL_PIPELINE_DIR: root,
      LIST: `${root}/a:${root}/b`,
      OTHER: '/srv/sales-old/x',
      URL: 'https://host/srv/sales/x',
    });
    expect(there.env['ETL_TUI']).toMatch(/\/dist\/cli\/main\.js$/);
    expect(there.env['ETL_TUI']).not.toContain('/usr/lib/');
  });

  it('is the directory of the run of the project where hosts share it, and one of this host where not', () => {
    const wire = travel(request({}));
    expect(arrived(wire).runDir).toBe(join(root, '.etl-tui/work', run));
    const shared = join(root, `logs/etl/runs/${run}/work`);
    mkdirSync(shared, { recursive: true });
    expect(arrived(wire)).toMatchObject({ runDir: shared, request: { env: { ETL_RUN_DIR: shared } } });
    rmSync(join(root, 'logs'), { recursive: true });
    const elsewhere = travel(request({ ETL_RUN_DIR: '/var/log/etl/work', X: '/var/log/etl/work/y' }));
    expect(arrived(elsewhere).request.env['X']).toBe(join(root, '.etl-tui/work', run, 'y'));
  });

  it('is all that is a place to work in', () => {
    expect(arrive(travel(request({}, { cwd: '/etc' })))).toMatchObject({
      error: { reason: 'usage', message: expect.stringContaining('--root') },
    });
    const wire = { ...travel(request({})), cwd: [{ dir: 'project' as const }, '/../elsewhere'] };
    expect(arrive(wire).ok).toBe(false);
  });
});

describe('a secret', () => {
  const token = 'tok-8f3b-99';
  const source = { secrets: [token], namedSecrets: new Map([['API_TOKEN', token]]) };

  it('travels by the name of its variable, and is put in from the environment of the worker', () => {
    const wire = travel(request({ API_TOKEN: token, AUTH_LINE: `Bearer ${token}!` }), source);
    expect(JSON.stringify(wire)).not.toContain(token);
    const { request: there, secrets } = arrived(wire, { env: { API_TOKEN: 'of-this-host' } });
    expect(there.env).toMatchObject({ API_TOKEN: 'of-this-host', AUTH_LINE: 'Bearer of-this-host!' });
    expect(secrets).toContain('of-this-host');
  });

  it('that this worker does not have refuses the attempt, and says which', () => {
    expect(arrive(travel(request({ API_TOKEN: token }), source))).toMatchObject({
      error: { kind: 'not-started', reason: 'usage', message: expect.stringContaining('API_TOKEN') },
    });
  });

  it('without a name of its own travels by that of the variable in which it is', () => {
    const env = { PLAIN_TOKEN: 'literal', WAREHOUSE: 'ftp://me:a-password@host/x' };
    const wire = travel(request(env), { secrets: ['ftp://me:a-password@host/x', 'a-password'] });
    expect(JSON.stringify(wire)).not.toMatch(/literal|a-password/);
    expect(arrived(wire, { env: { PLAIN_TOKEN: 'one', WAREHOUSE: 'two' } }).request.env).toMatchObject({
      PLAIN_TOKEN: 'one',
      WAREHOUSE: 'two',
    });
  });

  it('in a command refuses the attempt before it is sent', () => {
    const script = request({}, { command: { kind: 'shell', script: `curl -H ${token}` } });
    expect(encode(script, source)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^(?!.*tok-).*API_TOKEN/) },
    });
  });

  it('is never the address of the queue', () => {
    const wire = { ...travel(request({})), env: { X: [{ secret: 'ETL_TUI_QUEUE' }] } };
    expect(arrive(wire, { env: { ETL_TUI_QUEUE: 'postgres://q:pw@h/q' } }).ok).toBe(false);
  });

  it('that only the worker has is masked when the pipeline declares its name', () => {
    const wire = travel(request({}), { namedSecrets: new Map([['LICENCE', '']]) });
    expect(arrived(wire, { env: { LICENCE: 'a-licence-of-this-host' } }).secrets).toContain('a-licence-of-this-host');
  });
});

describe('the database of the run', () => {
  const database = {
    DATABASE_URL: 'postgres://etl:s3cret-word@db:5432/sales',
    PGHOST: 'db',
    PGPORT: '5432',
    PGUSER: 'etl',
    PGDATABASE: 'sales',
    PGPASSWORD: 's3cret-word',
  };
  const env = { ...database, PGAPPNAME: 'etl-tui:run:load#2', PGOPTIONS: '-c work_mem=1GB' };
  const wire = travel(request(env), {
    database,
    secrets: ['s3cret-word', database.DATABASE_URL],
    namedSecrets: new Map([['DATABASE_URL', database.DATABASE_URL]]),
  });

  it('is that of the worker when it names one, by the name of the attempt', () => {
    expect(JSON.stringify(wire)).not.toContain('s3cret-word');
    const { request: there, secrets } = arrived(wire, {
      env: { DATABASE_URL: 'postgres://w:of-worker@near:6000/sales' },
    });
    expect(there.env).toMatchObject({
      DATABASE_URL: 'postgres://w:of-worker@near:6000/sales',
      PGHOST: 'near',
      PGPASSWORD: 'of-worker',
      PGAPPNAME: 'etl-tui:run:load#2',
      PGOPTIONS: '-c work_mem=1GB',
    });
    expect(secrets).toContain('of-worker');
  });

  it('is that of the run otherwise, with the password that is in the environment of the worker', () => {
    expect(arrived(wire, { env: { PGPASSWORD: 'p/w' } }).request.env).toMatchObject({
      DATABASE_URL: 'postgres://etl:p%2Fw@db:5432/sales',
      PGHOST: 'db',
      PGPASSWORD: 'p/w',
      PGAPPNAME: 'etl-tui:run:load#2',
    });
    expect(arrive(wire)).toMatchObject({ error: { message: expect.stringContaining('PGPASSWORD') } });
  });
});

describe('--allow', () => {
  const allow = allowedPrograms(['psql', 'bin/load'], root);
  const call = (argv: readonly [string, ...string[]], env: Record<string, string> = {}) =>
    arrive(travel(request(env, { command: { kind: 'argv', argv }, cwd: projectDir })), { allow });

  it('lets programs run by their name on the PATH, and by their path below the root', () => {
    expect([call(['psql', '-c', 'select 1']).ok, call(['bin/load']).ok, call(['./bin/../bin/load']).ok]).toEqual([
      ...[true, true, true],
    ]);
    expect([call(['load']).ok, call(['/tmp/psql']).ok, call(['./psql']).ok]).toEqual([false, false, false]);
  });

  it('names a script of bash as what it is', () => {
    const script = request({}, { command: { kind: 'shell', script: 'psql' } });
    expect(arrive(travel(script), { allow })).toMatchObject({
      error: { message: expect.stringContaining('a script for "bash"') },
    });
  });

  it('does not let a variable make another program of it', () => {
    expect(call(['psql'], { PATH: '/tmp' })).toMatchObject({ error: { message: expect.stringContaining('PATH') } });
    expect(call(['psql'], { LD_PRELOAD: '/tmp/x.so' }).ok).toBe(false);
  });
});

it('reads whatever lies in the queue without failing', () => {
  for (const odd of [{}, null, { command: 7 }, { command: { kind: 'argv', argv: [{}] }, env: {} }]) {
    expect(arrive(odd as never)).toMatchObject({ ok: false, error: { kind: 'not-started' } });
  }
  expect(decodeAttempt({ ...ref, run: '../..' as RunId }, travel(request({})), { root, env: {} }).ok).toBe(false);
});
