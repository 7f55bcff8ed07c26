import { describe, expect, it } from 'vitest';
import { openLinuxMachine } from '../../../../src/engine/resources/linux-machine.ts';
import { openPortableMachine } from '../../../../src/engine/resources/portable-machine.ts';
import { systemOf } from './system-files.ts';

const meminfo = 'MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    4000000 kB\n';
const gibibyte = 0x40000000;

describe('machine usage', () => {
  it('is the CPU load since the last sample, and the memory that is not available', async () => {
    const system = systemOf({ 'proc/stat': 'cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1\n', 'proc/meminfo': meminfo });
    const look = openLinuxMachine(system);
    system.change({ 'proc/stat': 'cpu  150 0 110 730 110 0 0 0 50 0\ncpu0 1 1\n' });
    expect(await look?.()).toMatchObject({ cpu: 0.6, memory: 0.75, memoryBytes: 12_000_000 * 1024 });
    system.change({ 'proc/stat': 'cpu  150 0 110 830 110 0 0 0 50 0\n' });
    expect((await look?.())?.cpu).toBe(0);
  });

  it('is the same by both ways of measuring', async () => {
    const [look, other] = [openLinuxMachine({ proc: '/proc', cgroup: '/none' }), await openPortableMachine()];
    await expect.poll(async () => (await look?.())?.cpu).toBeGreaterThanOrEqual(0);
    const [own, theirs] = [await look?.(), await other()];
    if (own !== undefined) expect(Math.abs(own.memory - (theirs?.memory ?? 0))).toBeLessThan(0.1);
    expect(theirs?.cpu).toBeGreaterThanOrEqual(0);
    expect(theirs?.cpu).toBeLessThanOrEqual(1);
  });

  it('is unknown where there is no /proc', () => {
    expect(openLinuxMachine(systemOf({}))).toBeUndefined();
  });
});

describe('a container', () => {
  const container = (groups: Readonly<Record<string, string>>) =>
    systemOf({
      'proc/stat': 'cpu  100 0 100 700 100 0 0 0 0 0\n',
      'proc/meminfo': meminfo,
      'proc/self/cgroup': '1:name=systemd:/old\n0::/pods/one/etl\n',
      ...groups,
    });

  it('is measured against its tightest limit, those of parent groups included', async () => {
    const system = container({
      'cgroup/pods/one/etl/memory.max': `${8 * gibibyte}\n`,
      'cgroup/pods/one/memory.max': `${4 * gibibyte}\n`,
      'cgroup/pods/one/memory.current': `${3 * gibibyte}\n`,
      'cgroup/pods/one/memory.stat': `anon 5\ninactive_file ${gibibyte}\n`,
      'cgroup/pods/memory.max': 'max\n',
    });
    const look = openLinuxMachine(system);
    system.change({ 'proc/stat': 'cpu  200 0 100 700 100 0 0 0 0 0\n' });
    expect(await look?.()).toMatchObject({ cpu: 1, memory: 0.5, memoryBytes: 2 * gibibyte });
  });

  it('with a CPU limit is measured by its own load', async () => {
    const system = container({
      'cgroup/pods/one/etl/cpu.max': '200000 100000\n',
      'cgroup/pods/one/etl/cpu.stat': 'usage_usec 1000000\nuser_usec 900000\n',
    });
    const look = openLinuxMachine(system);
    const before = performance.now();
    system.change({ 'cgroup/pods/one/etl/cpu.stat': 'usage_usec 1001000\nuser_usec 1\n' });
    while (performance.now() - before < 20);
    const usage = await look?.();
    const most = 1 / ((performance.now() - before) * 2);
    expect(usage?.cpu).toBeGreaterThan(0);
    expect(usage?.cpu).toBeLessThanOrEqual(Math.max(most * 1.5, 1 / 40));
    expect(usage?.memory).toBe(0.75);
  });

  it('with a limit above the memory of the machine is measured against the machine', async () => {
    const system = container({ 'cgroup/memory.max': `${100 * gibibyte}\n`, 'cgroup/memory.current': '1\n' });
    const look = openLinuxMachine(system);
    system.change({ 'proc/stat': 'cpu  200 0 100 700 100 0 0 0 0 0\n' });
    expect((await look?.())?.memory).toBe(0.75);
  });
});
