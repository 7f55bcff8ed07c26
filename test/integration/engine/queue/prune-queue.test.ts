import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDbos } from '../../../../src/engine/queue/dbos/load-dbos.ts';
import { silentLogger, unusedUrl } from '../../../../src/engine/queue/dbos/protocol.ts';
import { openQueuePool } from '../../../../src/engine/queue/open-queue-client.ts';
import type { QueueClient } from '../../../../src/engine/queue/queue-client.ts';
import { dbosSchema } from '../../../../src/engine/queue/queue-schema.ts';
import { callProgram } from '../../../support/call.ts';
import { createTestQueue, type TestQueue } from '../../../support/queue.ts';

let queue: TestQueue;
let client: QueueClient;
const directory = mkdtempSync(`${tmpdir()}/etl-tui-prune-`);

beforeAll(async () => {
  queue = await createTestQueue();
  client = await queue.open();
});

afterAll(async () => {
  await client?.close();
  await queue?.close();
  rmSync(directory, { recursive: true, force: true });
});

const rows = async (sql: string) => {
  const found = await client.query<{ of: string }>(sql);
  if (!found.ok) throw new Error(found.error.message);
  return found.value.map((row) => row.of);
};

const names = { old: '20250101_000000_aaaa', driven: '20250102_000000_bbbb', fresh: '20260101_000000_cccc' };
const orphan = '20250103_000000_dddd';

it('deletes old runs of the queue with all that belongs to them, and nothing that is driven or newer', async () => {
  await rows(`INSERT INTO etl_queue.etl_run (run, pipeline, is_open, lease_ms, beat) VALUES
    ('${names.old}', 'a', false, 30000, now() - interval '90 days'),
    ('${names.driven}', 'b', true, 8640000000, now() - interval '40 days'),
    ('${names.fresh}', 'c', false, 30000, now())`);
  await rows(`INSERT INTO etl_queue.etl_worker (id, name, labels, slots, lease_ms, version, dead, beat) VALUES
    ('gone', 'x', '{}', 1, 30000, '1', true, now() - interval '90 days'),
    ('just-gone', 'x', '{}', 1, 30000, '1', true, now()),
    ('alive', 'x', '{}', 1, 30000, '1', false, clock_timestamp())`);
  const all = [...Object.values(names), orphan];
  for (const run of all) {
    const at = run === names.fresh ? 'now()' : `now() - interval '40 days'`;
    await rows(`INSERT INTO etl_queue.etl_output (run, attempt, seq, worker, at, kind, data)
      VALUES ('${run}', '${run}/t/1', 1, 'x', ${at}, 'stdout', 'hello')`);
    await rows(`INSERT INTO etl_queue.etl_stop VALUES ('${run}/t/1', 'x', 1)`);
    if (run !== orphan) await rows(`INSERT INTO etl_queue.etl_event VALUES ('${run}', 1, '{}')`);
  }
  const dbos = await loadDbos();
  if (!dbos.ok) throw new Error(dbos.error.message);
  const pool = openQueuePool(client.address, 'test', 1);
  const attempts = await dbos.value.DBOSClient.create({
    systemDatabaseUrl: unusedUrl,
    systemDatabasePool: pool as never,
    systemDatabaseSchemaName: dbosSchema,
    logger: silentLogger,
  });
  for (const run of all) {
    await attempts.enqueue({ workflowID: `${run}/t/1`, workflowName: 'attempt', queueName: 'etl:x' }, {});
  }
  await attempts.destroy();
  await pool.end();

  const prune = (...more: readonly string[]) =>
    callProgram(directory, ['prune', '--older-than', '30d', ...more], queue.env);
  expect(await prune('--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringContaining('in the queue: 2 runs and 1 dead worker would be deleted'),
  });
  expect(await rows('SELECT run AS of FROM etl_queue.etl_output')).toHaveLength(4);
  const { code, out } = await prune('--json');
  expect([code, JSON.parse(out).queue]).toEqual([0, { runs: [names.old, orphan], workers: 1 }]);

  const left = [names.driven, names.fresh];
  for (const table of ['etl_run', 'etl_output', 'etl_event']) {
    expect(await rows(`SELECT run AS of FROM etl_queue.${table} ORDER BY 1`), table).toEqual(left);
  }
  const attemptsLeft = left.map((run) => `${run}/t/1`);
  expect(await rows('SELECT attempt AS of FROM etl_queue.etl_stop ORDER BY 1')).toEqual(attemptsLeft);
  expect(await rows(`SELECT workflow_uuid AS of FROM ${dbosSchema}.workflow_status ORDER BY 1`)).toEqual(attemptsLeft);
  expect(await rows('SELECT id AS of FROM etl_queue.etl_worker ORDER BY 1')).toEqual(['alive', 'just-gone']);
  expect((await prune()).out).toContain('in the queue: nothing to delete');
});
