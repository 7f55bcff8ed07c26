import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { createProject, type Project, type Running } from './command-line.ts';

/** Each task notes that it begins; `long` then waits until it may end. */
const pipeline = `
name: shared
defaults: { timeout: 5m }
tasks:
  first: { command: 'echo first >> begun; echo out of first' }
  long:
    command: 'echo long >> begun; echo before; while [ ! -e go ]; do sleep 0.05; done; echo after'
    dependencies: [first]
  last: { command: 'echo last >> begun', dependencies: [long] }
`;

let queue: TestQueue;
let project: Project;
/** As it is on other machines. */
const others: Project[] = [];
const running = new Set<Running>();

let server: TestDatabase;
beforeAll(async () => {
  // As long as it is there, each test finds the server running.
  server = await createTestDatabase();
});
afterAll(() => server?.close());
beforeEach(async () => {
  // A worker that was killed counts as living for its lease.
  queue = await createTestQueue();
  project = createProject(pipeline);
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
  for (const each of [project, ...others.splice(0)]) each.remove();
  await queue.close();
});

describe('an orchestrator that is killed', () => {
  test('is followed by one that runs again nothing that succeeded, and waits for what runs', async () => {
    const first = await driveUntilLong();
    await kill(first);
    // It has a copy here, which says where it runs.
    const second = track(project.start(['run', '--ci', '--resume'], queue.env));
    await second.says('still running: long');
    allow();
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(begun()).toEqual(['first', 'long', 'last']);
    const log = await project.call(['logs', 'latest', 'long']);
    expect(log.out).toContain('before\nafter');
  });

  test('is followed by one that knows when a task ended that nobody waited for', async () => {
    const first = await driveUntilLong();
    await kill(first);
    allow();
    await vi.waitFor(async () => expect(await storedExits()).toContain('long'), patience);
    const known = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await orchestrate(['--ci', '--resume']).ended).toMatchObject({ code: 0 });
    const { results } = result();
    const ended = results.find(({ task }) => task === 'long')!;
    // What is heard of the database and of this machine may come late, but not by as much as the run was away for.
    expect(Date.parse(ended.completed_at)).toBeLessThan(known + 2_000);
    const tookMs = Date.parse(ended.completed_at) - Date.parse(ended.started_at);
    expect(ended.duration_seconds).toBeCloseTo(tookMs / 1_000, 1);
  });

  test('on another machine is followed by one here that has all that happened, and what was printed', async () => {
    const first = await driveUntilLong();
    await kill(first);
    const here = elsewhere();
    const second = orchestrate(['--ci', '--resume'], here);
    await second.says('still running: long');
    allow();
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(begun()).toEqual(['first', 'long', 'last']);
    expect((await here.call(['logs', 'latest', 'first'])).out).toContain('out of first');
    expect((await here.call(['logs', 'latest', 'long'])).out).toContain('before\nafter');
    expect((await here.call(['show', 'latest'])).out).toContain('resumed once');
  });
});

describe('while the database is away for some seconds', () => {
  test('a task ends, and afterwards nothing of the run is lost, also for who follows it', async () => {
    const first = await driveUntilLong();
    const here = elsewhere();
    const second = await follow(here);
    const comeBack = await takeDatabaseAway();
    allow();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(begun()).toEqual(['first', 'long']);
    await comeBack();
    expect((await Promise.all([first.ended, second.ended])).map(({ code }) => code)).toEqual([0, 0]);
    expect(begun()).toEqual(['first', 'long', 'last']);
    expect((await here.call(['logs', 'latest', 'long'])).out).toContain('before\nafter');
  });
});

describe('a pipeline that has changed when its run is resumed', () => {
  test('holds from there on, also for who follows the run with the old one', async () => {
    const first = await driveUntilLong();
    const here = elsewhere(pipeline.replace('echo last', 'echo changed'));
    const there = elsewhere();
    const third = await follow(there);
    // It would take the run over, with its own pipeline.
    third.child.kill('SIGSTOP');
    await kill(first);
    const second = orchestrate(['--ci', '--resume'], here);
    await second.says('still running: long');
    third.child.kill('SIGCONT');
    await third.says('still running: long');
    allow();
    expect((await Promise.all([second.ended, third.ended])).map(({ code }) => code)).toEqual([0, 0]);
    expect(begun()).toEqual(['first', 'long', 'changed']);
    for (const where of [here, there]) {
      expect((await where.call(['show', 'latest'])).out).toContain('3 succeeded');
      expect((await where.call(['logs', 'latest', 'long'])).out).toContain('before\nafter');
    }
  });
});

describe('when a worker is killed with the orchestrator', () => {
  test('its attempt is lost, and made again by another one', async () => {
    const worker = await startWorker();
    const first = orchestrate(['--ci']);
    await begins('long');
    await Promise.all([kill(worker), kill(first)]);
    await letLeasesOfWorkersEnd();
    await startWorker();
    allow();
    const second = orchestrate(['--ci', '--resume']);
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(begun()).toEqual(['first', 'long', 'long', 'last']);
  });
});

describe('a new run of the pipeline', () => {
  test('ends first what one left running whose orchestrator was killed', async () => {
    const first = await driveUntilLong();
    await kill(first);
    const second = orchestrate(['--ci']);
    await vi.waitFor(() => expect(begun()).toHaveLength(4), patience);
    allow();
    expect(await second.ended).toMatchObject({ code: 0, err: expect.stringContaining('run/tasks-left-running') });
    expect(begun()).toEqual(['first', 'long', 'first', 'long', 'last']);
  });

  test('is refused while another host drives one', async () => {
    await driveUntilLong();
    const here = elsewhere();
    const refused = await orchestrate(['--ci'], here).ended;
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('run/locked') });
    const locally = await here.call(['run', '--ci', '--resume'], queue.env);
    expect(locally).toMatchObject({ code: 2, err: expect.stringContaining('run/unknown-run') });
  });
});

describe('a second orchestrator of a run', () => {
  test('follows it to its end and starts nothing', async () => {
    const first = await driveUntilLong();
    const here = elsewhere();
    const second = await follow(here);
    allow();
    const [one, two] = await Promise.all([first.ended, second.ended]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(two.err).toContain('this process follows it');
    expect(begun()).toEqual(['first', 'long', 'last']);
    expect((await here.call(['logs', 'latest', 'long'])).out).toContain('before\nafter');
  });

  test('in the same project as well reads what the first writes there', async () => {
    const first = await driveUntilLong();
    const second = await follow(project);
    allow();
    expect((await Promise.all([first.ended, second.ended])).map(({ code }) => code)).toEqual([0, 0]);
    expect(begun()).toEqual(['first', 'long', 'last']);
    expect((await project.call(['logs', 'latest', 'long'])).out).toContain('before\nafter');
  });

  test('begun together with a third takes a run that nobody drives, and the third follows', async () => {
    const first = await driveUntilLong();
    await kill(first);
    const both = [elsewhere(), elsewhere()].map((where) => orchestrate(['--ci', '--resume'], where));
    for (const one of both) await one.says('still running: long');
    allow();
    const ended = await Promise.all(both.map((one) => one.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.filter(({ err }) => err.includes('this process follows it'))).toHaveLength(1);
    expect(begun()).toEqual(['first', 'long', 'last']);
  });

  test('goes on with it when the first is killed', async () => {
    const first = await driveUntilLong();
    const second = await follow(elsewhere());
    await kill(first);
    await second.says('still running: long');
    allow();
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(begun()).toEqual(['first', 'long', 'last']);
  });

  test('takes it when the first was not heard of for its lease, and that one follows when it wakes', async () => {
    const first = await driveUntilLong();
    const second = await follow(elsewhere());
    first.child.kill('SIGSTOP');
    await letLeaseEnd();
    await second.says('still running: long');
    first.child.kill('SIGCONT');
    await first.says('still running: long');
    allow();
    const [one, two] = await Promise.all([first.ended, second.ended]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(one.err).toContain('this process follows it');
    expect(await copiedEvents()).toEqual(await queuedEvents());
    expect(begun()).toEqual(['first', 'long', 'last']);
  });

  test('ends it while the first is stopped, and that one shows the end when it wakes, and runs nothing again', async () => {
    const failing = pipeline.replace('echo last >> begun', 'echo last >> begun; exit 1');
    writeFileSync(join(project.directory, 'pipeline.yaml'), failing);
    const first = await driveUntilLong();
    const second = await follow(elsewhere(failing));
    first.child.kill('SIGSTOP');
    await letLeaseEnd();
    await second.says('still running: long');
    allow();
    expect(await second.ended).toMatchObject({ code: 1 });
    first.child.kill('SIGCONT');
    expect(await first.ended).toMatchObject({ code: 1, err: expect.stringContaining('ended by another process') });
    expect(first.out()).toMatch(/last +failed/);
    expect(await copiedEvents()).toEqual(await queuedEvents());
    expect(begun()).toEqual(['first', 'long', 'last']);
  });

  test('ends its following, and nothing else, when it is asked to end', async () => {
    const first = await driveUntilLong();
    const second = await follow(elsewhere());
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 130 });
    allow();
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(begun()).toEqual(['first', 'long', 'last']);
  });

  test('ends when it is asked to, while the queue does not tell what the dead first has left running', async () => {
    const first = await driveUntilLong();
    const here = elsewhere();
    const client = new pg.Client({ connectionString: queue.url });
    await client.connect();
    const looking = await queue.open();
    try {
      const second = await follow(here);
      await client.query('BEGIN; LOCK TABLE etl_queue_dbos.workflow_status IN ACCESS EXCLUSIVE MODE');
      await kill(first);
      await vi.waitFor(async () => {
        const waiting = await looking.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND starts_with(application_name, 'etl-tui:queue:')`,
        );
        expect(waiting).toMatchObject({ ok: true, value: [{}] });
      }, patience);
      second.child.kill('SIGTERM');
      const { code, err } = await second.ended;
      expect(code).toBe(143);
      expect(err).toMatch(/queue\/followed.*nothing to do with run \S+ any more[\s\S]*--resume/);
    } finally {
      await Promise.all([client.end(), looking.close()]);
    }
  });
});

const patience = { timeout: 120_000, interval: 50 };

function track(one: Running): Running {
  running.add(one);
  return one;
}

async function startWorker(): Promise<Running> {
  const worker = track(project.start(['worker', '--name', 'w', '--slots', '4'], queue.env));
  await worker.says('takes tasks');
  return worker;
}

function orchestrate(options: readonly string[], where = project): Running {
  return track(where.start(['run', '--executor', 'queue', ...options], queue.env));
}

/** The project on another machine. */
function elsewhere(text = pipeline): Project {
  const other = createProject(text);
  others.push(other);
  return other;
}

/** The first orchestrator, whose run has come to the task that waits; with a worker. */
async function driveUntilLong(): Promise<Running> {
  await startWorker();
  const first = orchestrate(['--ci']);
  await begins('long');
  return first;
}

/** A second one, which shows what the first does. */
async function follow(where: Project): Promise<Running> {
  const second = orchestrate(['--ci', '--resume'], where);
  await second.says('first');
  return second;
}

async function begins(task: string): Promise<void> {
  await vi.waitFor(() => expect(begun(), [...running].map(({ out }) => out()).join('\n')).toContain(task), patience);
}

async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** Nobody is connected to it any more, and nobody can be until it comes back. */
async function takeDatabaseAway(): Promise<() => Promise<void>> {
  const name = new URL(queue.url).pathname.slice(1);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  return async () => {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    await client.end();
  };
}

/** As if its length had passed: that of the driver of the only run. */
async function letLeaseEnd(): Promise<void> {
  const client = await queue.open();
  const driven = await client.query<{ driver: string }>('SELECT driver FROM etl_queue.etl_run');
  const driver = driven.ok ? driven.value[0]?.driver : undefined;
  // A renewal may be under way; and whoever takes the run meanwhile has a lease of its own.
  for (let times = 0; times < 3; times += 1) {
    const ended = await client.query(`UPDATE etl_queue.etl_run SET beat = beat - interval '1 hour' WHERE driver = $1`, [
      driver,
    ]);
    expect(ended.ok).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await client.close();
}

/** The same of all workers, each of which was killed. */
async function letLeasesOfWorkersEnd(): Promise<void> {
  const client = await queue.open();
  expect(await client.query(`UPDATE etl_queue.etl_worker SET beat = beat - interval '1 hour'`)).toMatchObject({
    ok: true,
  });
  await client.close();
}

/** The types of the events of the only run: those in the queue, and those in the copy of the first project. */
async function queuedEvents(): Promise<readonly string[]> {
  const client = await queue.open();
  const rows = await client.query<{ type: string }>(
    `SELECT event->>'type' AS type FROM etl_queue.etl_event ORDER BY seq`,
  );
  await client.close();
  return rows.ok ? rows.value.map(({ type }) => type) : [];
}

async function copiedEvents(): Promise<readonly string[]> {
  const runs = join(project.directory, 'logs/etl/runs');
  const lines = readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.slice(1).map((line) => (JSON.parse(line) as { type: string }).type);
}

/** The tasks whose exits are in the queue. */
async function storedExits(): Promise<readonly string[]> {
  const client = await queue.open();
  const rows = await client.query<{ attempt: string }>(`SELECT attempt FROM etl_queue.etl_output WHERE kind = 'exit'`);
  await client.close();
  return rows.ok ? rows.value.map(({ attempt }) => attempt.split('/')[1]!) : [];
}

type Ended = { readonly task: string; readonly started_at: string; readonly completed_at: string };

function result(): { readonly results: readonly (Ended & { readonly duration_seconds: number })[] } {
  const logs = join(project.directory, 'logs/etl');
  const name = readdirSync(logs).find((one) => one.startsWith('parallel_run_'));
  return JSON.parse(readFileSync(join(logs, name ?? ''), 'utf8'));
}

function begun(): readonly string[] {
  const path = join(project.directory, 'begun');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

function allow(): void {
  writeFileSync(join(project.directory, 'go'), '');
}
