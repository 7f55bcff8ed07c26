import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { createProject, type Project, type Running } from './command-line.ts';

const [here, there] = ['token-of-the-orchestrator', 'token-of-the-worker'];

/** Where the run is started, and what stands for the same project on another machine. */
let project: Project;
let host: Project;
let queue: TestQueue;
let admin: pg.Client;
/** Of a role that may not change tables, where we may make one. */
let url: string;
const role = `worker_${process.pid}`;

const pipeline = `version: 1
name: sales
secrets: [LICENCE]
env: { AUTH_LINE: "Bearer \${env:API_TOKEN}", NOTES: "\${env:ETL_PIPELINE_DIR}/notes" }
tasks:
  show:
    dir: jobs
    command: |
      echo "$AUTH_LINE and $LICENCE"
      echo "in $PWD with $NOTES and \${ETL_TUI_QUEUE:-no queue}"
      echo kept > "$ETL_RUN_DIR/file"
      echo "keeps files in $ETL_RUN_DIR"
  listed: { command: [only-there, listed], dependencies: [show] }
`;

beforeAll(async () => {
  project = createProject(pipeline);
  host = createProject('');
  for (const { directory } of [project, host]) mkdirSync(join(directory, 'jobs'));
  writeFileSync(join(host.directory, 'only-there'), '#!/bin/sh\necho "$1"\n', { mode: 0o755 });
  queue = await createTestQueue();
  admin = new pg.Client({ connectionString: queue.superuserUrl ?? queue.url });
  await admin.connect();
  url = queue.url;
  if (queue.superuserUrl === undefined) return;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'of-${role}'`);
  url = Object.assign(new URL(url), { username: role, password: `of-${role}` }).href;
  const granted = await project.call(['db', 'migrate', '--grant', role], queue.env);
  expect([granted.code, granted.err]).toEqual([0, '']);
});

afterAll(async () => {
  if (queue?.superuserUrl !== undefined) await admin?.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await admin?.end();
  await queue?.close();
  host?.remove();
  project?.remove();
});

async function withWorker<T>(args: readonly string[], env: Record<string, string>, use: () => Promise<T>): Promise<T> {
  const worker: Running = host.start(['worker', '--name', 'far', '--slots', '2', ...args], {
    ETL_TUI_QUEUE: url,
    PATH: `${host.directory}:${process.env['PATH']}`,
    ...env,
  });
  try {
    await worker.says('takes tasks');
    return await use();
  } finally {
    worker.child.kill('SIGTERM');
    await worker.ended;
  }
}

/** Where the runs have directories on the other machine. */
const work = () => join(host.directory, '.etl-tui/work');

const run = (...args: readonly string[]) =>
  project.call(['run', '--executor', 'queue', '--ci', ...args], { ETL_TUI_QUEUE: url, API_TOKEN: here });

/** All that is in the queue, as text. */
async function inQueue(): Promise<string> {
  const tables = await admin.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname LIKE 'etl_queue%'`,
  );
  const texts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await admin.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    texts.push(...rows.map(({ text }) => text));
  }
  const output = await admin.query<{ data: Buffer }>('SELECT data FROM etl_queue.etl_output');
  return [...texts, ...output.rows.map(({ data }) => data.toString())].join('\n');
}

describe('a worker on another machine', () => {
  it('uses its own secrets by their names, in its own directory, and no value of one is in the queue', async () => {
    const ended = await withWorker([], { API_TOKEN: there, LICENCE: 'licence-of-the-worker' }, () => run());
    expect([ended.code, ended.err]).toEqual([0, '']);
    const [id] = readdirSync(join(project.directory, 'logs/etl/runs'));
    const logs = await project.call(['logs', 'latest', 'show']);
    expect(logs.out).toBe(
      `Bearer *** and ***\nin ${join(host.directory, 'jobs')} with ${join(host.directory, 'notes')} and no queue\n` +
        `keeps files in ${join(work(), id!)}\n`,
    );
    // The run has succeeded, and the worker has looked before it ended.
    expect(readdirSync(work())).toEqual([]);
    const stored = await inQueue();
    expect(stored).toContain('Bearer ***');
    expect(stored).toContain('API_TOKEN');
    expect(stored).not.toMatch(/token-of|licence-of/);
    expect(stored).not.toContain(project.directory);
  });

  it('keeps what a run that failed has left for its tasks, until the run is pruned', async () => {
    const file = 'fails.yaml';
    const task = `fails: { command: 'echo kept > "$ETL_RUN_DIR/file"; exit 1' }`;
    writeFileSync(join(project.directory, file), `version: 1\nname: fails\ntasks:\n  ${task}\n`);
    const env = { ETL_TUI_QUEUE: url };
    await withWorker([], {}, () => project.call(['run', file, '--executor', 'queue', '--ci'], env));
    const [id] = readdirSync(work());
    expect(readFileSync(join(work(), id!, 'file'), 'utf8')).toBe('kept\n');
    // It may be one of another queue.
    mkdirSync(join(work(), '20260105_120000_othr'));
    await withWorker([], {}, () => project.call(['prune', '--older-than', '1ms'], env));
    expect(readdirSync(work())).toEqual(['20260105_120000_othr']);
  });

  it('lets tasks use its own login to the database, by the name of their attempt', async (context) => {
    if (queue.superuserUrl === undefined) return context.skip();
    const file = 'database.yaml';
    const task = `named: { command: '"$ETL_TUI" db sql name.sql', connections: 1 }`;
    writeFileSync(join(project.directory, file), `version: 1\nname: named\ntasks:\n  ${task}\n`);
    writeFileSync(
      join(host.directory, 'name.sql'),
      `SELECT current_user, current_setting('application_name') LIKE 'etl-tui:%:named#1'`,
    );
    const env = { ETL_TUI_QUEUE: url, DATABASE_URL: queue.url };
    const args = ['run', file, '--executor', 'queue', '--ci'];
    const ended = await withWorker([], { DATABASE_URL: url }, () => project.call(args, env));
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect((await project.call(['logs', 'latest', 'named'])).out).toContain(`${role}\tt\n`);
  });

  it('refuses what it has no secret for, and says which', async () => {
    const ended = await withWorker([], {}, () => run('--only', 'show'));
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('this worker has no value for API_TOKEN');
  });

  it('runs the programs that it may run, and names a script as what it is', async () => {
    const ended = await withWorker(['--allow', 'only-there'], { API_TOKEN: there }, async () => [
      await run('--only', 'listed'),
      await run('--only', 'show'),
    ]);
    expect(ended.map(({ code }) => code)).toEqual([0, 1]);
    expect(ended[1]?.out).toContain('may not run a script for "bash"');
  });
});
