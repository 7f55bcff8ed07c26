import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  openQueueExecutor,
  type QueueExecutorOptions,
} from '../../../../../src/engine/executors/queue/queue-executor.ts';
import type { HostId, RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { Exit } from '../../../../../src/engine/model/run/task-state.ts';
import { sleep } from '../../../../../src/engine/platform/sleep.ts';
import type { Executor } from '../../../../../src/engine/ports.ts';
import { dbosSchema, queueSchema } from '../../../../../src/engine/queue/queue-schema.ts';
import { createTestQueue, type TestQueue } from '../../../../support/queue.ts';
import { startTestWorker, type TestWorker, type WorkerOptions } from '../../../../support/workers.ts';

let queue: TestQueue;
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-workers-'));
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  queue = await createTestQueue();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  told.length = 0;
});
afterAll(async () => {
  await queue?.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('workers that go', () => {
  it('lose what they ran when they are killed, after it has ended, and only then', async () => {
    const executor = await open();
    const worker = await start({ lease: '6s' });
    const ticks = join(directory, 'ticks');
    const attempt = begin(executor, worker, `while :; do date +%s%N >> ${ticks}; sleep 0.02; done`);
    await until(() => attempt.pid() !== undefined);
    worker.process.kill('SIGKILL');
    expect(await attempt.exit).toMatchObject({ kind: 'lost', why: 'lease-expired' });
    const size = readFileSync(ticks).length;
    expect(isAlive(attempt.pid()!)).toBe(false);
    await sleep(100);
    expect(readFileSync(ticks).length).toBe(size);
  });

  it('leave an attempt to whoever asks for it again, with all that it has told', async () => {
    const [first, second] = [await open(), await open()];
    const worker = await start();
    const run = newRun();
    const script = 'printf one; read -r line < "$0"; printf two';
    const fifo = join(directory, 'go');
    const before = begin(first, worker, `mkfifo ${fifo}; printf one; cat ${fifo}; printf two; exit 3`, { run });
    await until(() => before.output() === 'one');
    const after = begin(second, worker, script, { run });
    await until(() => after.output() === 'one');
    begin(first, worker, `printf ' go ' > ${fifo}`);
    expect(await after.exit).toEqual({ kind: 'exited', code: 3 });
    expect(after.output()).toBe('one go two');
    const late = begin(await open(), worker, script, { run });
    expect(await late.exit).toEqual({ kind: 'exited', code: 3 });
    expect(late.output()).toBe('one go two');
  });

  it('end when their tasks have, and give back what they have not begun', async () => {
    const executor = await open();
    const worker = await start({ slots: 1 });
    const fifo = join(directory, 'drain');
    const running = begin(executor, worker, `mkfifo ${fifo}; printf ready; cat ${fifo}`);
    await until(() => running.output() === 'ready');
    const waiting = begin(executor, worker, 'true');
    worker.process.kill('SIGTERM');
    expect(await waiting.exit).toMatchObject({ kind: 'lost', why: 'host-gone' });
    expect(executor.hosts().find(({ id }) => id === worker.id)?.accepting ?? false).toBe(false);
    const other = await start();
    begin(executor, other, `printf done > ${fifo}`);
    expect(await running.exit).toEqual({ kind: 'exited', code: 0 });
    expect(running.output()).toBe('readydone');
    expect(await worker.exited).toBe(0);
  });

  it('end their tasks and exit with 75 when others have declared them dead', async () => {
    const executor = await open();
    const worker = await start();
    const attempt = begin(executor, worker, 'sleep 300');
    await until(() => attempt.pid() !== undefined);
    const client = await queue.open();
    await client.query(`UPDATE ${queueSchema}.etl_worker SET dead = true WHERE id = $1`, [worker.id]);
    await client.close();
    expect(await attempt.exit).toMatchObject({ kind: 'lost' });
    expect(await worker.exited).toBe(75);
    expect(isAlive(attempt.pid()!)).toBe(false);
  });

  it('never begin what was ended while it waited for a place', async () => {
    const executor = await open();
    const worker = await start({ slots: 1 });
    const running = begin(executor, worker, 'sleep 300');
    await until(() => running.pid() !== undefined);
    const waiting = begin(executor, worker, 'printf begun');
    waiting.terminate(1_000);
    expect(await waiting.exit).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
    running.terminate(1_000);
    expect(await running.exit).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
    expect(waiting.output()).toBe('');
  });

  it('end an attempt that is past its limit when nobody is there who would', async () => {
    const attempt = begin(await open(), await start(), 'sleep 300', { backstopMs: 200 });
    expect(await attempt.exit).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
  });

  it('pass on output whole and in order, however much it is', async () => {
    const executor = await open();
    const worker = await start();
    const attempt = begin(executor, worker, 'seq 1 400000');
    expect(await attempt.exit).toEqual({ kind: 'exited', code: 0 });
    const expected = Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(hash(attempt.output())).toBe(hash(expected));
  });

  it('keep the beginning and the end of more output than anybody reads, in little memory', async () => {
    const executor = await open();
    const worker = await start();
    const attempt = begin(executor, worker, 'seq 1 100000; (yes 012345678 | head -c 90000000) || true; echo END');
    expect(await attempt.exit).toEqual({ kind: 'exited', code: 0 });
    const output = attempt.output();
    expect(output.length).toBeGreaterThan(64 * 0x100000);
    expect(output.length).toBeLessThan(70 * 0x100000);
    expect(output.startsWith('1\n2\n3\n')).toBe(true);
    expect(output).toMatch(/etl-tui: [\d.]+ MB of the output are left out here/);
    expect(output.endsWith('012345678\nEND\n')).toBe(true);
    const peakKilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1] ?? 0);
    expect(peakKilobytes).toBeLessThan(250_000);
  });
});

describe('a failover of the database that has lost', () => {
  it('an attempt before it began does not leave it waiting: it is put into the mailbox again', async () => {
    const executor = await open();
    const worker = await start({ slots: 1 });
    const fifo = join(directory, 'failover');
    const running = begin(executor, worker, `mkfifo ${fifo}; printf ready; cat ${fifo}`);
    await until(() => running.output() === 'ready');
    const run = newRun();
    const waiting = begin(executor, worker, 'printf done', { run });
    await untilStage(run, 'ENQUEUED');
    await forget(run);
    begin(executor, await start(), `printf go > ${fifo}`);
    expect(await running.exit).toEqual({ kind: 'exited', code: 0 });
    expect(await waiting.exit).toEqual({ kind: 'exited', code: 0 });
    expect(waiting.output()).toBe('done');
  });

  it('all that was told of one that runs does not have it run twice at a time', async () => {
    const [first, second] = [await open(), await open()];
    const worker = await start();
    const run = newRun();
    const [begun, fifo] = [join(directory, 'begun'), join(directory, 'twice')];
    const script = `mkfifo ${fifo} || true; echo begun >> ${begun}; printf ready; cat ${fifo}`;
    const before = begin(first, worker, script, { run });
    await until(() => before.output() === 'ready');
    await forget(run);
    const after = begin(second, worker, script, { run });
    await untilStage(run, 'PENDING');
    begin(first, worker, `printf go > ${fifo}`);
    expect(await after.exit).toEqual({ kind: 'exited', code: 0 });
    expect(readFileSync(begun, 'utf8')).toBe('begun\n');
  });

  it.each([
    ['is told again when somebody asks to end the attempt', async (end: () => void) => end()],
    ['is told again after the connections have broken', () => breakConnections()],
  ])('how an attempt ended, which %s', async (_, remind) => {
    const [first, second] = [await open(), await open()];
    const worker = await start();
    const run = newRun();
    expect(await begin(first, worker, 'printf done; exit 7', { run }).exit).toEqual({ kind: 'exited', code: 7 });
    await untilStage(run, 'SUCCESS');
    await query(`DELETE FROM ${queueSchema}.etl_output WHERE attempt = $1 AND kind = 'exit'`, [keyOf(run)]);
    const revert = `UPDATE ${dbosSchema}.workflow_status SET status = 'PENDING', output = NULL WHERE workflow_uuid = $1`;
    await query(revert, [keyOf(run)]);
    const after = begin(second, worker, 'printf again', { run });
    await until(() => after.output() === 'done');
    await remind(() => after.terminate(1_000));
    expect(await after.exit).toEqual({ kind: 'exited', code: 7 });
  });

  it('and one that another orchestrator has taken out of the queue is lost', async () => {
    const executor = await open();
    const worker = await start({ slots: 1 });
    const running = begin(executor, worker, 'printf ready; sleep 300');
    await until(() => running.output() === 'ready');
    const run = newRun();
    const waiting = begin(executor, worker, 'true', { run });
    await untilStage(run, 'ENQUEUED');
    await query(`UPDATE ${dbosSchema}.workflow_status SET status = 'CANCELLED' WHERE workflow_uuid = $1`, [keyOf(run)]);
    expect(await waiting.exit).toMatchObject({ kind: 'lost', message: 'it was taken out of the queue' });
    running.terminate(0);
  });
});

describe('a database that is away', () => {
  it('is not waited for without limit before a run begins, because what an earlier one left may still run', async () => {
    const lost = await createTestQueue();
    const executor = await open({ address: lost.address, patienceMs: 500 });
    await lost.close();
    expect(await executor.adopt(newRun(), () => expect.unreachable())).toMatchObject({
      ok: false,
      error: { code: 'queue/unreachable', message: expect.stringContaining('have to end first') },
    });
  });
});

function keyOf(run: RunId): string {
  return `${run}/task/1`;
}

async function query(sql: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  const client = await queue.open();
  const rows = await client.query(sql, values);
  await client.close();
  if (!rows.ok) throw new Error(rows.error.message);
  return rows.value;
}

async function untilStage(run: RunId, status: string): Promise<void> {
  const stage = `SELECT FROM ${dbosSchema}.workflow_status WHERE workflow_uuid = $1 AND status = $2`;
  for (const begun = performance.now(); performance.now() - begun < 40_000; await sleep(20))
    if ((await query(stage, [keyOf(run), status])).length > 0) return;
  throw new Error(`it is not ${status} in time`);
}

/** As when the database is restarted. */
async function breakConnections(): Promise<void> {
  await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(application_name, $1)`, [
    'etl-tui:worker:',
  ]);
}

/** As if what was written of it had never been. */
async function forget(run: RunId): Promise<void> {
  await query(`DELETE FROM ${dbosSchema}.workflow_status WHERE workflow_uuid = $1`, [keyOf(run)]);
  await query(`DELETE FROM ${queueSchema}.etl_output WHERE attempt = $1`, [keyOf(run)]);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function open(more: Partial<QueueExecutorOptions> = {}): Promise<Executor> {
  const source = () => ({ projectDir: '/', secrets: [], namedSecrets: new Map(), database: undefined });
  const opened = await openQueueExecutor({ address: queue.address, run: newRun(), source, ...more });
  if (!opened.ok) throw new Error(opened.error.message);
  closers.push(opened.value.close);
  return opened.value;
}

async function start(options?: WorkerOptions): Promise<TestWorker> {
  const worker = await startTestWorker(queue, options);
  closers.push(worker.close);
  return worker;
}

function newRun(): RunId {
  return `20260105_120000_${randomBytes(3).toString('hex')}` as RunId;
}

/** What has become of the attempts so far, for whoever waits in vain. */
const told: (() => string)[] = [];

type Choices = { readonly run?: RunId; readonly backstopMs?: number };

function begin(executor: Executor, worker: TestWorker, script: string, { run = newRun(), ...limits }: Choices = {}) {
  let output = '';
  let pid: number | undefined;
  let terminate: (graceMs: number) => void = () => undefined;
  const exit = new Promise<Exit>((resolve) => {
    const ref = { run, task: 'task' as TaskId, attempt: 1 };
    const request = {
      ref,
      command: { kind: 'shell', script } as const,
      cwd: '/',
      env: {},
      killGraceMs: 1_000,
      ...limits,
    };
    const attempt = executor.start(request, worker.id as HostId, {
      spawned: (process) => {
        pid = process.pid;
      },
      output: (_, chunk) => {
        output += Buffer.from(chunk).toString();
      },
      reported: () => undefined,
      exited: resolve,
    });
    terminate = (graceMs) => attempt.terminate(graceMs);
  });
  let end: Exit | undefined;
  void exit.then((how) => {
    end = how;
  });
  told.push(() => JSON.stringify({ script, pid, output: output.slice(-200), end }));
  return { exit, output: () => output, pid: () => pid, terminate };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < 150_000; await sleep(20)) if (condition()) return;
  throw new Error(`it has not happened in time: ${told.map((tell) => tell()).join('\n')}`);
}
