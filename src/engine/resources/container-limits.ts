import { join } from 'node:path';
import { procText } from './proc-text.ts';

/** What a container (a control group, version 2) allows; absent where it sets no limit. */
export type ContainerLimits = {
  readonly cores?: number;
  readonly memoryBytes?: number;
  /** Of all processes within the limit, since the group was created. */
  cpuSeconds(): number | undefined;
  /** Without file cache that the kernel can drop, which does not count on the machine either. */
  memoryUsed(): number | undefined;
};

/** Groups are nested, and the tightest limit counts, which may be that of any group above. */
export function findContainer(files: { readonly proc: string; readonly cgroup: string }): ContainerLimits {
  const groups = groupsAbove(files);
  const cpu = tightest(groups, (group) => coresOf(procText(join(group, 'cpu.max'))));
  const machineBytes = Number(/^MemTotal: +(\d+) kB/m.exec(procText(`${files.proc}/meminfo`) ?? '')?.[1]) * 1024;
  const memory = tightest(groups, (group) => {
    const limit = Number(procText(join(group, 'memory.max')) ?? Number.NaN);
    return limit < machineBytes ? limit : undefined;
  });
  return {
    ...(cpu === undefined ? {} : { cores: cpu.limit }),
    ...(memory === undefined ? {} : { memoryBytes: memory.limit }),
    cpuSeconds: () => {
      const microseconds = cpu === undefined ? undefined : valueIn(join(cpu.group, 'cpu.stat'), 'usage_usec');
      return microseconds === undefined ? undefined : microseconds / 1e6;
    },
    memoryUsed: () => {
      if (memory === undefined) return undefined;
      const used = Number(procText(join(memory.group, 'memory.current')) ?? Number.NaN);
      const cache = valueIn(join(memory.group, 'memory.stat'), 'inactive_file') ?? 0;
      return Number.isFinite(used) ? Math.max(0, used - cache) : undefined;
    },
  };
}

/** The directories of this process's group and of those above it; none without version 2. */
function groupsAbove({ proc, cgroup }: { readonly proc: string; readonly cgroup: string }): readonly string[] {
  const group = /^0::\/(.*)$/m.exec(procText(`${proc}/self/cgroup`) ?? '')?.[1];
  if (group === undefined) return [];
  const parts = group.split('/').filter((part) => part !== '' && part !== '..');
  return parts.map((_, at) => join(cgroup, ...parts.slice(0, parts.length - at))).concat(cgroup);
}

function tightest(
  groups: readonly string[],
  limitOf: (group: string) => number | undefined,
): { readonly group: string; readonly limit: number } | undefined {
  let found: { readonly group: string; readonly limit: number } | undefined;
  for (const group of groups) {
    const limit = limitOf(group);
    if (limit !== undefined && limit < (found?.limit ?? Number.POSITIVE_INFINITY)) found = { group, limit };
  }
  return found;
}

/** `max 100000` or `150000 100000`: microseconds of work in so many microseconds of time. */
function coresOf(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? '').split(' ').map(Number);
  const cores = (quota ?? Number.NaN) / (period ?? Number.NaN);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function valueIn(path: string, name: string): number | undefined {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(procText(path) ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}
