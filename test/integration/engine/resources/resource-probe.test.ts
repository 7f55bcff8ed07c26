import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { openResourceProbe, type ProbeRequest } from '../../../../src/engine/resources/open-resource-probe.ts';
import { systemOf } from './system-files.ts';

const request: ProbeRequest = { onWarning: () => {}, directories: [], leaders: new Map() };

function startGroup(script: string): number {
  const child: ChildProcess = spawn('bash', ['-c', script], { detached: true, stdio: 'ignore' });
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return child.pid!;
}

const busy = 'busy' as TaskId;
const idle = 'idle' as TaskId;

describe('a resource probe', () => {
  it('measures each task with all processes that it started', async () => {
    const leaders = new Map([
      // The work is done by a grandchild, and children that end after a moment.
      [busy, startGroup('(while :; do for i in {1..2000}; do :; done; true | cat; done) & wait')],
      [idle, startGroup("node -e 'const held = Buffer.alloc(50 * 0x100000, 1); setInterval(() => held, 1e6)' & wait")],
    ]);
    const probe = await openResourceProbe(request);
    await expect
      .poll(
        async () => {
          const sample = await probe.sample(leaders);
          return [
            // Not much on a machine that has much to do.
            (sample?.tasks.get(busy)?.cpu ?? 0) > 0.02,
            (sample?.tasks.get(idle)?.cpu ?? 1) < 0.02,
            (sample?.tasks.get(idle)?.memoryBytes ?? 0) > 50 * 0x100000,
            (sample?.tasks.get(busy)?.memoryBytes ?? 0) > 0x100000,
          ];
        },
        { interval: 300 },
      )
      .toEqual([true, true, true, true]);
    const memory = async () => (await probe.sample(leaders))?.memory;
    await expect.poll(memory).toSatisfy((share) => share > 0 && share < 1);
  });

  it('tells how many threads of other programs want a core, on average, without ours and those of database servers', async () => {
    const stat = (pid: number, program: string, state: string, group: number) => ({
      [`proc/${pid}/stat`]: `${pid} (${program}) ${state} 1 ${group} ${'0 '.repeat(30)}\n`,
    });
    const machine = (ticks: number, runnable: number) => ({
      'proc/stat': `cpu  ${ticks} 0 100 700 100 0 0 0 0 0\nprocs_running ${runnable}\n`,
    });
    const system = systemOf({
      'proc/meminfo': 'MemTotal: 16000000 kB\nMemAvailable: 4000000 kB\n',
      ...machine(100, 1),
      ...stat(20, 'task', 'R', 20),
      ...stat(21, 'its child', 'R', 20),
      ...stat(22, 'its sleeping child', 'S', 20),
      ...stat(30, 'postgres', 'R', 30),
    });
    const probe = await openResourceProbe(request, system);
    const leaders = new Map([[busy, 20]]);
    const seen: (number | undefined)[] = [];
    for (const [look, runnable] of [4, 8, 4, 4, 6, 2].entries()) {
      system.change(machine(200 + 100 * look, runnable));
      seen.push((await probe.sample(leaders))?.othersRunnable);
    }
    // Four are this program, two processes of the task, and a server.
    expect(seen).toEqual([0, 2, 4 / 3, 1, 1.5, 0.5]);
  });

  it('counts the CPU time of short tasks that have ended as ours, and not as that of other programs', async () => {
    // A slot: a child of this process that waits for one short task after the other, for as long as the test looks.
    const work = 'for i in {1..60000}; do :; done';
    const slot = startGroup(`while :; do bash -c '${work}'; done`);
    const probe = await openResourceProbe(request);
    let used = 0;
    await expect
      .poll(
        async () => {
          const sample = await probe.sample(new Map());
          used += sample?.ours?.cpu ?? 0;
          expect(sample?.ours?.cpu ?? 0).toBeLessThanOrEqual((sample?.cpu ?? 0) * (sample?.cores ?? 0) + 1e-9);
          return [used > 0.1, (sample?.ours?.taskCpuSeconds ?? 0) >= 0.1];
        },
        { interval: 200 },
      )
      .toEqual([true, true]);
    process.kill(-slot, 'SIGKILL');
  });

  it('counts the processes of a task, and the bytes it moved from and to disks', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'etl-tui-probe-')), 'data');
    onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
    const write = `head -c 4000000 /dev/zero > ${file}; sync ${file}; sleep 600 & sleep 600 & wait`;
    const leaders = new Map([[busy, startGroup(write)]]);
    const probe = await openResourceProbe({ ...request, leaders });
    const usage = async () => (await probe.sample(leaders))?.tasks.get(busy);
    // On tmpfs nothing goes to a disk.
    const whole = { processes: 3, readBytes: expect.any(Number), writtenBytes: expect.any(Number) };
    await expect.poll(usage).toMatchObject(whole);
  });

  it('tells the free room of each file system once', async () => {
    const directories = [
      { role: 'project', path: process.cwd() },
      { role: 'logs', path: join(process.cwd(), 'src') },
      { role: 'database', path: join(process.cwd(), 'test') },
    ] as const;
    const probe = await openResourceProbe({ ...request, directories });
    const disks = async () => (await probe.sample(new Map()))?.disks;
    await expect.poll(disks).toEqual([{ role: 'project', freeBytes: expect.any(Number) }]);
  });

  it('measures a task that starts later, and drops one that has ended', async () => {
    const probe = await openResourceProbe(request);
    for (let count = 0; count < 4; count += 1) await probe.sample(new Map());
    const leader = startGroup('sleep 100');
    const of = async () => (await probe.sample(new Map([[busy, leader]])))?.tasks.get(busy)?.memoryBytes;
    await expect.poll(of).toBeGreaterThan(0);
    process.kill(-leader, 'SIGTERM');
    await expect.poll(of).toBeUndefined();
  });

  it('without /proc measures the machine alone, and says so once', async () => {
    const warnings: Diagnostic[] = [];
    const probe = await openResourceProbe(
      { ...request, onWarning: (warning) => void warnings.push(warning) },
      systemOf({}),
    );
    for (let count = 0; count < 3; count += 1) {
      const sample = await probe.sample(new Map([[busy, 1]]));
      expect(sample?.memory).toBeGreaterThan(0);
      expect(sample?.tasks.size).toBe(0);
    }
    expect(warnings).toMatchObject([
      {
        code: 'run/no-sensors',
        severity: 'warning',
        message:
          'CPU and memory of single tasks, throughput of disks and processes killed by the kernel for lack of memory cannot be measured here',
      },
    ]);
  });
});
