import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openQueuePool } from '../../../../src/engine/queue/open-queue-client.ts';
import type { QueueClient } from '../../../../src/engine/queue/queue-client.ts';
import { createTestQueue, type TestQueue } from '../../../support/queue.ts';

let queue: TestQueue;
let client: QueueClient;

beforeAll(async () => {
  queue = await createTestQueue();
  client = await queue.open('the one');
});

afterAll(async () => {
  await client?.close();
  await queue?.close();
});

const within = { timeout: 60_000, interval: 20 };

it('tells apart what the database refuses and that it did not respond', async () => {
  expect(await client.query('SELECT 1 AS one')).toEqual({ ok: true, value: [{ one: 1 }] });
  expect(await client.query('SELECT nothing')).toMatchObject({ ok: false, error: { kind: 'refused', code: '42703' } });
  expect(await client.query('SELECT pg_sleep(60)', [], 200)).toMatchObject({ ok: false, error: { kind: 'away' } });
  expect((await client.query('SELECT 1')).ok).toBe(true);
});

it('connects anew by itself when somebody listens, and says that something may have been missed', async () => {
  const other = await queue.open();
  const heard: (string | undefined)[] = [];
  const stop = client.listen('news', (payload) => heard.push(payload));
  try {
    await vi.waitFor(() => expect(heard).toEqual([undefined]), within);
    await other.query(`SELECT pg_notify('news', 'first')`);
    await vi.waitFor(() => expect(heard).toEqual([undefined, 'first']), within);
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'the one' AND datname = current_database()`,
    );
    await vi.waitFor(() => expect(heard).toEqual([undefined, 'first', undefined]), within);
    await other.query(`SELECT pg_notify('news', 'second')`);
    await vi.waitFor(() => expect(heard.at(-1)).toBe('second'), within);
    stop();
    await client.query('SELECT 1');
    await other.query(`SELECT pg_notify('news', 'third')`);
    await client.query('SELECT 1');
    expect(heard.at(-1)).toBe('second');
  } finally {
    await other.close();
  }
});

it('gives DBOS connections of its own that log in alike', async () => {
  const pool = openQueuePool(client.address, 'of the pool', 2);
  const { rows } = await pool.query(`SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()`);
  expect(rows).toEqual([{ application_name: 'of the pool' }]);
  await pool.query(`SELECT pg_terminate_backend(pg_backend_pid())`).catch(() => {});
  expect((await pool.query('SELECT 1')).rowCount).toBe(1);
  await pool.end();
});
