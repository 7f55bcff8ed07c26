import { join } from 'node:path';
import { type ControlGroups, findControlGroups, type SystemFiles, valueIn } from './control-groups.ts';
import { procText } from './proc-text.ts';

/** What a container (a control group) allows; absent where it sets no limit. */
export type ContainerLimits = {
  readonly cores?: number;
  readonly memoryBytes?: number;
  /** Of all processes within the limit, since the group was created. */
  cpuSeconds(): number | undefined;
  /** Without file cache that the kernel can drop, which does not count on the machine either. */
  memoryUsed(): number | undefined;
};

/** Groups are nested, and the tightest limit counts, which may be that of any group above. Both versions may be in use. */
export function findContainer(files: SystemFiles): ContainerLimits {
  const groups = findControlGroups(files);
  const machineBytes = Number(/^MemTotal: +(\d+) kB/m.exec(procText(`${files.proc}/meminfo`) ?? '')?.[1]) * 1024;
  const cpu = tightest(cpuLimits(groups));
  // Version 1 has a number beyond any memory where there is no limit.
  const memory = tightest(memoryLimits(groups).filter(({ limit }) => limit < machineBytes));
  return {
    ...(cpu === undefined ? {} : { cores: cpu.limit }),
    ...(memory === undefined ? {} : { memoryBytes: memory.limit }),
    cpuSeconds: () => cpu?.used(),
    memoryUsed: () => memory?.used(),
  };
}

type Limit = { readonly limit: number; readonly used: () => number | undefined };

function tightest(limits: readonly Limit[]): Limit | undefined {
  return limits.reduce<Limit | undefined>(
    (low, one) => (low === undefined || one.limit < low.limit ? one : low),
    undefined,
  );
}

/** In cores; a group is allowed so many microseconds of work in so many microseconds of time. */
function cpuLimits({ version2, version1 }: ControlGroups): readonly Limit[] {
  const limits: Limit[] = [];
  const add = (quota: number, period: number, used: Limit['used']) => {
    if (quota > 0 && period > 0) limits.push({ limit: quota / period, used });
  };
  for (const group of version2) {
    // `max 100000` or `150000 100000`
    const [quota = Number.NaN, period = Number.NaN] = (procText(join(group, 'cpu.max')) ?? '').split(' ').map(Number);
    add(quota, period, () => scaled(valueIn(join(group, 'cpu.stat'), 'usage_usec'), 1e-6));
  }
  const accounts = version1('cpuacct');
  for (const [at, group] of version1('cpu').entries()) {
    const account = accounts[at];
    add(numberIn(join(group, 'cpu.cfs_quota_us')), numberIn(join(group, 'cpu.cfs_period_us')), () =>
      account === undefined ? undefined : scaled(numberIn(join(account, 'cpuacct.usage')), 1e-9),
    );
  }
  return limits;
}

function memoryLimits({ version2, version1 }: ControlGroups): readonly Limit[] {
  const limitOf = (group: string, limit: string, usage: string, cache: string): Limit => ({
    limit: numberIn(join(group, limit)),
    used: () => {
      const used = numberIn(join(group, usage)) - (valueIn(join(group, 'memory.stat'), cache) ?? 0);
      return Number.isFinite(used) ? Math.max(0, used) : undefined;
    },
  });
  return [
    ...version2.map((group) => limitOf(group, 'memory.max', 'memory.current', 'inactive_file')),
    ...version1('memory').map((group) =>
      limitOf(group, 'memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file'),
    ),
  ];
}

/** NaN where there is none. */
function numberIn(path: string): number {
  return Number(procText(path) ?? Number.NaN);
}

function scaled(value: number | undefined, by: number): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value * by : undefined;
}
