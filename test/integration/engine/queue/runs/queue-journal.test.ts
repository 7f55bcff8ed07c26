import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EpochMs, RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { RunEvent } from '../../../../../src/engine/model/run/run-event.ts';
import type { Journal } from '../../../../../src/engine/ports.ts';
import type { QueueClient } from '../../../../../src/engine/queue/queue-client.ts';
import { type Driver, newDriver } from '../../../../../src/engine/queue/runs/driver.ts';
import { QueueJournal, type QueueJournalOptions } from '../../../../../src/engine/queue/runs/queue-journal.ts';
import { readEvents, readPlans } from '../../../../../src/engine/queue/runs/read-queued-run.ts';
import { leaveRun, renewRun, takeRun } from '../../../../../src/engine/queue/runs/run-table.ts';
import { createTestQueue, type TestQueue } from '../../../../support/queue.ts';

let queue: TestQueue;
let client: QueueClient;
let run: RunId;
let runs = 0;
/** As of a process of another machine, of which only the lease tells whether it lives. */
const elsewhere = (name: string) => JSON.stringify({ pid: 1, host: 'elsewhere', nonce: name }) as Driver;

beforeAll(async () => {
  queue = await createTestQueue();
  client = await queue.open();
});
afterAll(async () => {
  await client?.close();
  await queue?.close();
});
beforeEach(() => {
  runs += 1;
  run = `20260105_1200${String(runs).padStart(2, '0')}_test` as RunId;
});

describe('the journal of a run in the queue', () => {
  test('holds the events in their order, those that nobody waits for as well, and the plan with the first', async () => {
    const { driver, pipeline } = await taken();
    const { journal, copied } = open(driver);
    journal.record([progressed(1)]);
    const first = journal.append([started('a'), started('b')]);
    const second = journal.append([started('c')]);
    await Promise.all([first, second]);
    journal.record([progressed(2)]);
    await journal.close();
    const expected = [progressed(1), started('a'), started('b'), started('c'), progressed(2)];
    expect(await stored()).toEqual(expected);
    expect(copied).toEqual(expected);
    expect(await readPlans(client, run)).toEqual({
      ok: true,
      value: [{ number: 1, hash: 'hash', text: 'tasks: {}', stored: '{}' }],
    });
    await leaveRun(client, run, driver);
    expect(pipeline).toBe(`pipeline of ${run}`);
  });

  test('holds text that a database would rather not have', async () => {
    const { driver } = await taken();
    const { journal } = open(driver);
    const odd = progressed(3, 'zero \u0000, half \ud83d, quote \\ " \u2028');
    await journal.append([odd]);
    await journal.close();
    expect(await stored()).toEqual([JSON.parse(JSON.stringify(odd))]);
  });

  test('has events of one writer only, however many write at once', async () => {
    const one = await taken();
    const two = elsewhere('two');
    const journals = [open(one.driver), open(two)];
    const results = await Promise.allSettled(
      journals.map(({ journal }, at) => journal.append([started(`task-${at}`)])),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(journals.map(({ fenced }) => fenced.times)).toEqual([0, 1]);
    expect(journals[1]!.journal.isFenced()).toBe(true);
    expect(await stored()).toEqual([started('task-0')]);
  });

  test('refuses what a driver writes once another one has taken the run, at whatever moment', async () => {
    const former = elsewhere('former');
    await taken(former, 1);
    const before = open(former);
    await before.journal.append([started('a')]);
    const next = newDriver();
    const pipeline = `pipeline of ${run}`;
    // Its lease of a millisecond is over.
    const writing = Promise.allSettled(
      Array.from({ length: 50 }, (_, at) => before.journal.append([started(`late-${at}`)])),
    );
    expect(await takeRun(client, { run, pipeline }, next)).toEqual({ ok: true, value: {} });
    await writing;
    const events = await stored();
    await expect(before.journal.append([started('too late')])).rejects.toThrow(
      `another orchestrator drives run ${run}`,
    );
    expect(before.fenced.times).toBe(1);
    expect(before.copied).toEqual(events);
    const { journal } = open(next, events.length);
    await journal.append([started('b')]);
    expect(await stored()).toEqual([...events, started('b')]);
    expect(await renewRun(client, run, former)).toBe(false);
    expect(await renewRun(client, run, next)).toBe(true);
  });

  test('stores each event once when an answer is lost', async () => {
    const { driver } = await taken();
    let lost = 0;
    const forgetful: QueueClient = {
      ...client,
      query: async (sql, values, deadlineMs) => {
        const answer = await client.query<never>(sql, values, deadlineMs);
        if (!/INSERT INTO/.test(sql) || lost++ > 1) return answer;
        return { ok: false, error: { kind: 'away', message: 'the connection broke' } };
      },
    };
    const { journal, copied, away } = open(driver, 0, { client: forgetful });
    await journal.append([started('a'), started('b')]);
    await journal.append([started('c')]);
    await journal.close();
    expect(await stored()).toEqual([started('a'), started('b'), started('c')]);
    expect(copied).toEqual(await stored());
    expect(away).toEqual(['the connection broke']);
  });

  test('goes on without the copy when that cannot be written', async () => {
    const { driver } = await taken();
    const copy = {
      append: () => Promise.reject(new Error('no space')),
      record: () => undefined,
      close: async () => {},
    };
    const { journal, copyFailed } = open(driver, 0, { copy });
    await journal.append([started('a')]);
    await journal.append([started('b')]);
    await journal.close();
    expect(await stored()).toEqual([started('a'), started('b')]);
    expect(copyFailed).toEqual(['no space']);
  });

  test('waits while the database is away, and gives up after a time', async () => {
    const { driver } = await taken();
    const gone: QueueClient = {
      ...client,
      query: async () => ({ ok: false, error: { kind: 'away', message: 'no server' } }),
    };
    const { journal } = open(driver, 0, { client: gone, patienceMs: 1 });
    await expect(journal.append([started('a')])).rejects.toThrow('the queue does not answer: no server');
    expect(journal.isFenced()).toBe(false);
    await expect(journal.append([started('b')])).rejects.toThrow('no server');
  });
});

describe('a run in the queue', () => {
  test('holds its pipeline on all hosts until its driver leaves it', async () => {
    const { driver, pipeline } = await taken(elsewhere('first'));
    const other = '20260105_130000_othr' as RunId;
    expect(await takeRun(client, { run: other, pipeline }, newDriver())).toMatchObject({
      ok: false,
      error: {
        code: 'run/locked',
        message: `run ${run} of pipeline "${pipeline}" is driven by process 1 on elsewhere`,
      },
    });
    await leaveRun(client, run, driver);
    expect(await takeRun(client, { run: other, pipeline }, newDriver())).toEqual({ ok: true, value: {} });
  });

  test('makes room for the next one of its pipeline when its driver is dead', async () => {
    const { pipeline } = await taken(elsewhere('first'), 1);
    const next = `${run.slice(0, -4)}next` as RunId;
    expect(await takeRun(client, { run: next, pipeline }, newDriver())).toEqual({ ok: true, value: { deadRun: run } });
  });

  test('is taken at once when the process that drove it is known to be gone', async () => {
    const identity = JSON.parse(newDriver()) as { startTime: string };
    const dead = JSON.stringify({ ...identity, startTime: '1' }) as Driver;
    const { pipeline } = await taken(dead);
    expect(await takeRun(client, { run, pipeline }, newDriver())).toEqual({ ok: true, value: {} });
  });

  test('is taken by one of many that want it at once', async () => {
    const { pipeline } = await taken(elsewhere('former'), 1);
    const clients = await Promise.all(Array.from({ length: 4 }, () => queue.open()));
    const all = await Promise.all(
      clients.map((each, at) => takeRun(each, { run, pipeline }, elsewhere(`one of many ${at}`))),
    );
    await Promise.all(clients.map((each) => each.close()));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(all.filter((each) => !each.ok).map((each) => !each.ok && each.error.code)).toEqual(
      Array(3).fill('run/locked'),
    );
  });
});

async function taken(driver: Driver = newDriver(), leaseMs?: number) {
  const pipeline = `pipeline of ${run}`;
  expect(await takeRun(client, { run, pipeline }, driver, leaseMs)).toEqual({ ok: true, value: {} });
  // A lease that a test names is to be over, by the clock of the database.
  if (leaseMs !== undefined) await client.query('SELECT pg_sleep($1)', [leaseMs / 1000 + 0.01]);
  return { driver, pipeline };
}

function open(driver: Driver, next = 0, more: Partial<QueueJournalOptions> = {}) {
  const copied: RunEvent[] = [];
  const fenced = { times: 0 };
  const away: string[] = [];
  const copyFailed: string[] = [];
  const copy: Journal = {
    append: async (events) => void copied.push(...events),
    record: (events) => copied.push(...events),
    close: async () => {},
  };
  const journal = new QueueJournal({
    client,
    run,
    driver,
    next,
    plan: { number: 1, hash: 'hash', text: 'tasks: {}', stored: '{}' },
    copy,
    shorten: (event) => event,
    onFenced: () => {
      fenced.times += 1;
    },
    onAway: (message) => away.push(message),
    onCopyFailed: ({ message }) => copyFailed.push(message),
    ...more,
  });
  return { journal, copied, fenced, away, copyFailed };
}

async function stored(): Promise<readonly unknown[]> {
  const read = await readEvents(client, run);
  if (!read.ok) throw new Error(read.error.message);
  expect(read.value.map(({ seq }) => seq)).toEqual(read.value.map((_, at) => at));
  return read.value.map(({ event }) => event);
}

function started(task: string): RunEvent {
  return { type: 'task.started', task: task as TaskId, attempt: 1, at: 1_000 as EpochMs };
}

function progressed(rows: number, message = ''): RunEvent {
  return { type: 'task.progressed', task: 'a' as TaskId, attempt: 1, report: { rows, message }, at: 1_000 as EpochMs };
}
