import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openSlurmExecutor } from '../../../../../src/engine/executors/slurm/slurm-executor.ts';
import type { HostId, RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import { ok } from '../../../../../src/engine/model/result.ts';
import type { Exit, TaskReport } from '../../../../../src/engine/model/run/task-state.ts';
import { sleep } from '../../../../../src/engine/platform/sleep.ts';
import type { Executor, StartRequest } from '../../../../../src/engine/ports.ts';
import { startSlurm, type TestCluster, whyNoSlurm } from '../../../../support/slurm.ts';
import { standInEnvironment } from '../../../../support/slurm-stand-in.ts';

const why = whyNoSlurm();
const host = 'slurm' as HostId;
const withinMs = 60_000;
let runs = 0;

const onCluster = why === undefined ? it : it.skip;

/** Where no cluster can be started, programs stand in for it, and what only a cluster can show is skipped. */
describe(`jobs of Slurm${why === undefined ? '' : ` (some are skipped: ${why})`}`, () => {
  let cluster: TestCluster;
  let env: TestCluster['env'];
  beforeAll(async () => {
    if (why === undefined) cluster = await startSlurm();
    env = cluster?.env ?? standInEnvironment();
  }, withinMs);
  afterAll(() => cluster?.close(), withinMs);

  const newRun = () => {
    const directory = mkdtempSync(join(tmpdir(), 'etl-tui-slurm-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    runs += 1;
    const run = `20260105_12000${runs}_slrm` as RunId;
    /** Each is one orchestrator of the run. One that is not closed before the next is opened has died. */
    const open = async (): Promise<Executor> => {
      const opened = await openSlurmExecutor({
        env,
        secrets: ['hunter2hunter2'],
        jobs: join(directory, 'slurm'),
        directory: join(directory, 'tmp'),
      });
      if (!opened.ok) throw new Error(opened.error.message);
      onTestFinished(() => opened.value.close());
      return opened.value;
    };
    const request = (task: string, script: string, more: Partial<StartRequest> = {}): StartRequest => ({
      ref: { run, task: task as TaskId, attempt: 1 },
      command: { kind: 'shell', script },
      cwd: directory,
      env: {},
      killGraceMs: 1_000,
      ...more,
    });
    const read = (name: string) => {
      try {
        return readFileSync(join(directory, name), 'utf8');
      } catch {
        return '';
      }
    };
    const write = (name: string) => writeFileSync(join(directory, name), '');
    return { run, open, request, read, write };
  };

  onCluster('run on a node with the labels of the task, and are refused when there is none', async () => {
    const { open, request } = newRun();
    const executor = await open();
    expect(executor.hosts()).toMatchObject([{ slots: 16, labels: new Set(['r', 'gpu', 'big']) }]);
    const script = 'echo $SLURMD_NODENAME $SLURM_CPUS_PER_TASK $SLURM_MEM_PER_NODE';
    const needs = { labels: ['gpu', 'big'], cpu: 1.5, memoryBytes: 100 * 0x100000 };
    const placed = start(executor, request('placed', script, { needs }));
    const nowhere = start(executor, request('nowhere', 'true', { needs: { labels: ['gpu', 'r'] } }));
    expect(await placed.ended).toEqual({ kind: 'exited', code: 0 });
    expect(placed.output()).toBe('n2 2 100\n');
    expect(await nowhere.ended).toMatchObject({ kind: 'not-started', reason: 'usage' });
  });

  it('are masked, report, and leave nothing running', async () => {
    const { open, request } = newRun();
    const executor = await open();
    const script = `echo my hunter2hunter2; echo '{"rows": 7}' > "$ETL_TASK_REPORT"
      (setsid sleep 300 & echo $! ); sleep 0.3`;
    const { ended, output, reports } = start(executor, request('masked', script));
    expect(await ended).toEqual({ kind: 'exited', code: 0 });
    expect(output()).toMatch(/^my \*\*\*\n\d+\n$/);
    expect(reports).toEqual([{ rows: 7 }]);
    expect(isAlive(Number(output().split('\n')[1]))).toBe(false);
  });

  it('are found again by the next orchestrator of the run, whether they run, wait or have ended', async () => {
    const { open, request, read, write } = newRun();
    const first = await open();
    const needs = { cpu: 8, labels: ['r'] };
    const script = 'echo begun >> ticks; until [ -e stop ]; do sleep 0.1; done; echo done; exit 3';
    const running = request('running', script, { needs });
    const over = request('over', 'echo once >> ticks-over; echo result; exit 4');
    const waiting = request('waiting', 'echo waited', { needs });
    const begun = start(first, running).begun;
    await start(first, over).ended;
    const known = Date.now();
    await begun;
    start(first, waiting);
    if (why === undefined) await until(async () => (await cluster.run('squeue', '-h', '-t', 'PENDING')) !== '');

    const second = await open();
    const found = [running, over, waiting].map((request) => start(second, request));
    await found[0]!.begun;
    write('stop');
    expect(await Promise.all(found.map(({ ended }) => ended))).toEqual(
      [3, 4, 0].map((code) => ({ kind: 'exited', code })),
    );
    expect(found.map(({ output }) => output())).toEqual(['done\n', 'result\n', 'waited\n']);
    expect([read('ticks'), read('ticks-over')]).toEqual(['begun\n', 'once\n']);
    expect(found[1]!.endedAt()).toBeLessThanOrEqual(known);
    expect(found[0]!.endedAt()).toBeGreaterThan(found[1]!.endedAt() ?? Number.NaN);
  });

  it('begin once, although two orchestrators start the attempt in one moment', async () => {
    const { open, request, read } = newRun();
    const both = await Promise.all([open(), open()]);
    const tasks = Array.from({ length: 5 }, (_, index) =>
      request(`task-${index}`, 'echo $ETL_N >> begun', { env: { ETL_N: `${index}` } }),
    );
    const started = tasks.flatMap((task) => both.map((executor) => start(executor, task)));
    const exits = await Promise.all(started.map(({ ended }) => ended));
    expect(exits).toEqual(exits.map(() => ({ kind: 'exited', code: 0 })));
    expect(read('begun').trim().split('\n').sort()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('of a run that is not carried on with are ended before another begins', async () => {
    const { open, request, run } = newRun();
    const first = await open();
    const left = start(first, request('left', 'echo $$; exec sleep 300'));
    const kept = start(first, request('kept', 'echo $$; exec sleep 300'));
    await until(async () => left.output() !== '' && kept.output() !== '');
    const second = await open();
    const lost: Exit[] = [];
    const observer = {
      spawned: () => {},
      output: () => {},
      reported: () => {},
      exited: (exit: Exit) => lost.push(exit),
    };
    const ended = await second.adopt(
      run,
      () => observer,
      ({ task }) => task === 'kept',
    );
    expect(ended).toEqual(ok([{ run, task: 'left', attempt: 1 }]));
    expect(lost).toMatchObject([{ kind: 'lost', why: 'runner-gone' }]);
    expect([isAlive(Number(left.output())), isAlive(Number(kept.output()))]).toEqual([false, true]);
  });

  onCluster('that a person cancels have failed by a signal, whether they run or wait', async () => {
    const { open, request } = newRun();
    const executor = await open();
    const running = start(executor, request('running', 'exec sleep 300', { needs: { cpu: 8, labels: ['r'] } }));
    await running.begun;
    const waiting = start(executor, request('waiting', 'true', { needs: { cpu: 8, labels: ['r'] } }));
    await until(async () => (await cluster.run('squeue', '-h', '-t', 'PENDING')) !== '');
    await cluster.run('scancel', '--user=0');
    expect(await running.ended).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
    expect(await waiting.ended).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
  });

  onCluster(
    'end as they end while the controller is away, and those that are new wait for it',
    async () => {
      const { open, request, read } = newRun();
      const executor = await open();
      const running = start(executor, request('running', 'until [ -e stop ]; do sleep 0.1; done; exit 5'));
      await running.begun;
      await cluster.stopController();
      const later = start(executor, request('later', 'echo later >> begun'));
      const check = start(executor, request('check:rows', 'touch stop'));
      expect(await check.ended).toEqual({ kind: 'exited', code: 0 });
      expect(await running.ended).toEqual({ kind: 'exited', code: 5 });
      await cluster.startController();
      expect(await later.ended).toEqual({ kind: 'exited', code: 0 });
      expect(read('begun')).toBe('later\n');
    },
    withinMs,
  );

  onCluster(
    'are lost when their node fails',
    async () => {
      const { open, request } = newRun();
      const executor = await open();
      const attempt = start(executor, request('task', 'exec sleep 300', { needs: { labels: ['gpu'] } }));
      await attempt.begun;
      await cluster.killNode('n2');
      expect(await attempt.ended).toMatchObject({ kind: 'lost', why: 'host-gone' });
    },
    withinMs,
  );
});

function start(executor: Executor, request: StartRequest) {
  let output = '';
  const reports: TaskReport[] = [];
  let onBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    onBegun = resolve;
  });
  let endedAt: number | undefined;
  const ended = new Promise<Exit>((resolve) => {
    executor.start(request, host, {
      spawned: onBegun,
      output: (_, chunk) => {
        output += Buffer.from(chunk).toString();
      },
      reported: (report) => reports.push(report),
      exited: (exit, at) => {
        endedAt = at;
        resolve(exit);
      },
    });
  });
  return { ended, begun, reports, output: () => output, endedAt: () => endedAt };
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + withinMs; !(await holds()); await sleep(50)) {
    if (performance.now() > end) throw new Error('it did not come to that in time');
  }
}
