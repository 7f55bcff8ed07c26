import { describe, expect, it } from 'vitest';
import { openLinuxMachine } from '../../../../src/engine/resources/linux-machine.ts';
import { readMachineSize } from '../../../../src/engine/resources/machine-size.ts';
import { openOomKills } from '../../../../src/engine/resources/oom-kills.ts';
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
    // Other programs may take or give back memory between the two.
    const difference = async () => Math.abs(((await look?.())?.memory ?? 1) - ((await other())?.memory ?? 0));
    await expect.poll(difference).toBeLessThan(0.1);
    const cpu = (await other())?.cpu;
    expect(cpu).toBeGreaterThanOrEqual(0);
    expect(cpu).toBeLessThanOrEqual(1);
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

  it('is the machine that a run plans with', () => {
    const system = container({
      'cgroup/pods/one/memory.max': `${gibibyte / 4}\n`,
      'cgroup/pods/one/memory.current': '1\n',
      'cgroup/pods/one/memory.stat': 'inactive_file 0\n',
      'cgroup/pods/cpu.max': '50000 100000\n',
      'cgroup/pods/cpu.stat': 'usage_usec 1\n',
    });
    expect(readMachineSize(system)).toEqual({ cores: 0.5, memoryBytes: gibibyte / 4 });
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

  it('of version 1 is measured by its quota, its CPU time and its memory without file cache', async () => {
    const system = systemOf({
      'proc/stat': 'cpu  100 0 100 700 100 0 0 0 0 0\n',
      'proc/meminfo': meminfo,
      'proc/self/cgroup': '4:memory:/pod/etl\n2:cpu,cpuacct:/pod/etl\n',
      'cgroup/cpu,cpuacct/pod/etl/cpu.cfs_quota_us': '-1\n',
      'cgroup/cpu,cpuacct/pod/etl/cpu.cfs_period_us': '100000\n',
      'cgroup/cpu,cpuacct/pod/cpu.cfs_quota_us': '50000\n',
      'cgroup/cpu,cpuacct/pod/cpu.cfs_period_us': '100000\n',
      'cgroup/cpu,cpuacct/pod/cpuacct.usage': '1000000000\n',
      'cgroup/memory/pod/etl/memory.limit_in_bytes': `${4 * gibibyte}\n`,
      'cgroup/memory/pod/etl/memory.usage_in_bytes': `${3 * gibibyte}\n`,
      'cgroup/memory/pod/etl/memory.stat': `inactive_file 1\ntotal_inactive_file ${gibibyte}\n`,
      'cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    });
    const look = openLinuxMachine(system);
    system.change({ 'cgroup/cpu,cpuacct/pod/cpuacct.usage': '9000000000\n' });
    const usage = { cpu: 1, cores: 0.5, memory: 0.5, memoryBytes: 2 * gibibyte, memoryLimitBytes: 4 * gibibyte };
    expect(await look?.()).toMatchObject(usage);
  });

  it('with some CPUs of the machine is measured by those', async () => {
    const stat = (busy: number) =>
      `cpu  9 0 0 9 0 0 0 0 0 0\ncpu0 9${busy} 0 0 0 0 0 0 0\ncpu1 ${busy} 0 0 100 0 0 0 0\ncpu2 0 0 0 100 0 0 0 0\nintr 1\n`;
    const system = systemOf({
      'proc/stat': stat(0),
      'proc/meminfo': meminfo,
      'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t1-2,7\n',
    });
    const look = openLinuxMachine(system);
    system.change({ 'proc/stat': stat(50).replace('cpu2 0 0 0 100', 'cpu2 0 0 0 150') });
    expect(await look?.()).toMatchObject({ cpu: 0.5, cores: 2 });
  });
});

describe('pressure and disks', () => {
  it('are told as shares of time, and bytes a second of whole disks', async () => {
    const disks = (sectors: number) =>
      `   7 0 loop0 1 0 ${sectors} 1 1 0 ${sectors} 1\n 259 0 nvme0n1 1 0 ${sectors} 1 1 0 ${2 * sectors} 1 0 0\n` +
      ` 259 1 nvme0n1p1 1 0 ${sectors} 1 1 0 ${sectors} 1\n   8 0 sda 1 0 ${sectors} 1 1 0 0 1\n   8 1 sda1 1 0 ${sectors} 1 1 0 0 1\n`;
    const system = systemOf({
      'proc/stat': 'cpu  100 0 100 700 100 0 0 0 0 0\n',
      'proc/meminfo': meminfo,
      'proc/diskstats': disks(0),
      'proc/pressure/cpu':
        'some avg10=12.34 avg60=1.00 avg300=0.00 total=1\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=0\n',
      'proc/pressure/io': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    });
    const look = openLinuxMachine(system);
    system.change({ 'proc/stat': 'cpu  200 0 100 700 100 0 0 0 0 0\n', 'proc/diskstats': disks(1_000_000) });
    const usage = await look?.();
    expect(usage?.pressure).toEqual({ cpu: 0.1234, io: 0 });
    const { readBytes = 0, writtenBytes = 0 } = usage?.diskRate ?? {};
    expect(readBytes).toBeGreaterThan(0);
    expect(writtenBytes / readBytes).toBeCloseTo(1);
  });
});

describe('the count of processes that the kernel ended for lack of memory', () => {
  const vmstat = 'pgfault 1\noom_kill 7\n';
  it('is that of the control group where it counts, in either version, and else that of the machine', () => {
    const count = (files: Readonly<Record<string, string>>) =>
      openOomKills(systemOf({ 'proc/vmstat': vmstat, ...files }))();
    expect(count({})).toBe(7);
    expect(
      count({
        'proc/self/cgroup': '0::/a/b\n',
        'cgroup/a/memory.events': 'low 0\noom 3\noom_kill 2\noom_group_kill 0\n',
      }),
    ).toBe(2);
    expect(
      count({
        'proc/self/cgroup': '4:memory:/a\n0::/\n',
        'cgroup/memory/a/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
      }),
    ).toBe(3);
    expect(openOomKills(systemOf({}))()).toBeUndefined();
  });
});
