import { availableParallelism } from 'node:os';
import { type ContainerLimits, findContainer } from './container-limits.ts';
import { fraction, type SampleMachine } from './machine-usage.ts';
import { procText } from './proc-text.ts';

/** Where the kernel's files are; tests pass directories of their own. */
export type SystemFiles = { readonly proc: string; readonly cgroup: string };

/** Reads /proc directly, in a thousandth of the time of a library. Undefined where there is no /proc. */
export function openLinuxMachine(files: SystemFiles): SampleMachine | undefined {
  if (procText(`${files.proc}/stat`) === undefined) return undefined;
  const container = findContainer(files);
  let before = readClocks(files, container);
  return async () => {
    const now = readClocks(files, container);
    const memory = readMemory(files, container);
    const last = before;
    before = now;
    if (now === undefined || last === undefined || memory === undefined || now.whole <= last.whole) return undefined;
    return {
      cpu: fraction(now.busy - last.busy, now.whole - last.whole),
      memory: fraction(memory.used, memory.whole),
      memoryBytes: memory.used,
      cores: container.cores ?? availableParallelism(),
      memoryLimitBytes: memory.whole,
    };
  };
}

type Clocks = { readonly busy: number; readonly whole: number };

/** In a container with a limit, its own CPU time counts; otherwise that of the whole machine. */
function readClocks({ proc }: SystemFiles, container: ContainerLimits): Clocks | undefined {
  const used = container.cores === undefined ? undefined : container.cpuSeconds();
  if (used !== undefined) return { busy: used, whole: (performance.now() / 1000) * (container.cores ?? 0) };
  // Field by field, in ticks: user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user already.
  const line = procText(`${proc}/stat`)?.split('\n', 1)[0];
  const ticks = line?.split(/ +/).slice(1, 9).map(Number) ?? [];
  const [, , , idle = Number.NaN, waiting = 0] = ticks;
  const whole = ticks.reduce((sum, count) => sum + count, 0);
  return Number.isFinite(idle) ? { busy: whole - idle - waiting, whole } : undefined;
}

function readMemory(
  { proc }: SystemFiles,
  container: ContainerLimits,
): { readonly used: number; readonly whole: number } | undefined {
  const limit = container.memoryBytes;
  const used = limit === undefined ? undefined : container.memoryUsed();
  if (limit !== undefined && used !== undefined) return { used, whole: limit };
  const text = procText(`${proc}/meminfo`) ?? '';
  const bytesOf = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  const whole = bytesOf('MemTotal');
  const free = bytesOf('MemAvailable');
  return Number.isFinite(whole - free) ? { used: whole - free, whole } : undefined;
}
