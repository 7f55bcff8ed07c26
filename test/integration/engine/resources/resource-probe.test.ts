import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { openResourceProbe } from '../../../../src/engine/resources/open-resource-probe.ts';
import { systemOf } from './system-files.ts';

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
    const probe = await openResourceProbe(() => {});
    await expect
      .poll(
        async () => {
          const sample = await probe.sample(leaders);
          return [
            (sample?.tasks.get(busy)?.cpu ?? 0) > 0.05,
            (sample?.tasks.get(idle)?.cpu ?? 1) < 0.05,
            (sample?.tasks.get(idle)?.memoryBytes ?? 0) > 50 * 0x100000,
            (sample?.tasks.get(busy)?.memoryBytes ?? 0) > 0x100000,
          ];
        },
        { interval: 300, timeout: 30_000 },
      )
      .toEqual([true, true, true, true]);
    const memory = async () => (await probe.sample(leaders))?.memory;
    await expect.poll(memory).toSatisfy((share) => share > 0 && share < 1);
  });

  it('measures a task that starts later, and drops one that has ended', async () => {
    const probe = await openResourceProbe(() => {});
    for (let count = 0; count < 4; count += 1) await probe.sample(new Map());
    const leader = startGroup('sleep 100');
    const of = async () => (await probe.sample(new Map([[busy, leader]])))?.tasks.get(busy)?.memoryBytes;
    await expect.poll(of).toBeGreaterThan(0);
    process.kill(-leader, 'SIGTERM');
    await expect.poll(of).toBeUndefined();
  });

  it('without /proc measures the machine alone, and says so once', async () => {
    const warnings: Diagnostic[] = [];
    const probe = await openResourceProbe((warning) => warnings.push(warning), systemOf({}));
    for (let count = 0; count < 3; count += 1) {
      const sample = await probe.sample(new Map([[busy, 1]]));
      expect(sample?.memory).toBeGreaterThan(0);
      expect(sample?.tasks.size).toBe(0);
    }
    expect(warnings).toMatchObject([{ code: 'run/no-sensors', severity: 'warning' }]);
  });
});
