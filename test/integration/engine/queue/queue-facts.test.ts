import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../../../src/engine/doctor/probe-result.ts';
import { examineQueue } from '../../../../src/engine/doctor/probes/examine-queue.ts';
import { findUnencrypted } from '../../../../src/engine/queue/find-unencrypted.ts';
import { queueAddress } from '../../../../src/engine/queue/queue-address.ts';
import { createTestDatabase } from '../../../support/postgres.ts';
import { createTestQueue, type TestQueue } from '../../../support/queue.ts';

let queue: TestQueue;
const directory = mkdtempSync(`${tmpdir()}/etl-tui-doctor-`);

beforeAll(async () => {
  queue = await createTestQueue();
});

afterAll(async () => {
  await queue?.close();
  rmSync(directory, { recursive: true, force: true });
});

const look = (env: Record<string, string> = queue.env): Promise<readonly ProbeResult[]> =>
  examineQueue({ projectDir: directory, logDir: directory, env });

describe('doctor', () => {
  it('says nothing of a queue that nobody names', async () => {
    expect(await look({})).toEqual([]);
  });

  it('counts the workers that are alive', async () => {
    expect(await look()).toMatchObject([{ state: 'warning', found: expect.stringContaining('no worker is alive') }]);
    const client = await queue.open();
    await client.query(`INSERT INTO etl_queue.etl_worker (id, name, labels, slots, lease_ms, version, dead, beat) VALUES
      ('a', 'a', '{}', 4, 3000000, '1', false, clock_timestamp()),
      ('b', 'b', '{}', 8, 30000, '1', false, clock_timestamp() - interval '1 hour'),
      ('c', 'c', '{}', 2, 30000, '1', true, clock_timestamp())`);
    await client.close();
    expect(await look()).toMatchObject([
      { state: 'ok', found: expect.stringContaining('1 worker is alive, with 4 slots; 0 open runs') },
    ]);
  });

  it('finds a queue without tables, and one that is not there', async () => {
    const empty = await createTestDatabase();
    try {
      expect(await look({ ETL_TUI_QUEUE: empty.url })).toMatchObject([
        { state: 'problem', code: 'queue/not-migrated', advice: expect.stringContaining('db migrate') },
      ]);
    } finally {
      await empty.close();
    }
    expect(await look({ ETL_TUI_QUEUE: 'postgres://x:secret-word@127.0.0.1:1/x' })).toMatchObject([
      { state: 'problem', code: 'database/unreachable', found: expect.not.stringContaining('secret-word') },
    ]);
  });
});

it('warns of a way to the queue that others can read or redirect, and not of one within the machine', () => {
  const on = (url: string, isEncrypted: boolean) => {
    const address = queueAddress({ ETL_TUI_QUEUE: url });
    if (!address.ok) throw new Error(address.error.message);
    return findUnencrypted({ ...address.value, isEncrypted })?.message;
  };
  expect(on('postgres://q@db.example/q', false)).toContain('is not encrypted');
  expect(on('postgres://q@db.example/q?sslmode=require', true)).toContain('the right server');
  expect(on('postgres://q@db.example/q?sslmode=verify-full', true)).toBeUndefined();
  for (const here of ['127.0.0.1', 'localhost', '[::1]']) expect(on(`postgres://q@${here}/q`, false)).toBeUndefined();
  expect(on('postgres://q@/q?host=/run/postgresql', false)).toBeUndefined();
});
