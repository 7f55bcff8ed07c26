import { availableParallelism } from 'node:os';
import { type ContainerLimits, findContainer } from './container-limits.ts';
import type { SystemFiles } from './control-groups.ts';
import { followDiskRate } from './disk-rate.ts';
import { fraction, type SampleMachine } from './machine-usage.ts';
import { readPressure } from './pressure.ts';
import { procText } from './proc-text.ts';

/** Reads /proc directly, in a thousandth of the time of a library. Undefined where there is no /proc. */
export function openLinuxMachine(files: SystemFiles): SampleMachine | undefined {
  if (procText(`${files.proc}/stat`) === undefined) return undefined;
  const container = findContainer(files);
  const allowed = allowedCpus(files);
  const diskRate = followDiskRate(files.proc);
  const cores = Math.min(container.cores ?? Number.POSITIVE_INFINITY, allowed?.size ?? availableParallelism());
  let before = readClocks(files, container, allowed);
  return async () => {
    const now = readClocks(files, container, allowed);
    const memory = readMemory(files, container);
    const last = before;
    before = now;
    if (now === undefined || last === undefined || memory === undefined || now.whole <= last.whole) return undefined;
    const [pressure, rate] = [readPressure(files.proc), diskRate()];
    return {
      cpu: fraction(now.busy - last.busy, now.whole - last.whole),
      memory: fraction(memory.used, memory.whole),
      memoryBytes: memory.used,
      cores,
      memoryLimitBytes: memory.whole,
      ...(pressure === undefined ? {} : { pressure }),
      ...(rate === undefined ? {} : { diskRate: rate }),
      ...(now.runnable === undefined ? {} : { runnable: now.runnable }),
    };
  };
}

/** The CPUs that this process and its tasks may use, when they are not all: of a cpuset, or of `taskset`. */
function allowedCpus({ proc }: SystemFiles): ReadonlySet<number> | undefined {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(procText(`${proc}/self/status`) ?? '')?.[1];
  if (list === undefined) return undefined;
  const cpus = new Set<number>();
  for (const range of list.split(',')) {
    const [from = 0, to = from] = range.split('-').map(Number);
    for (let cpu = from; cpu <= to; cpu += 1) cpus.add(cpu);
  }
  const existing = (procText(`${proc}/stat`)?.match(/^cpu\d+ /gm) ?? []).map((name) => Number(name.slice(3)));
  const usable = existing.filter((cpu) => cpus.has(cpu));
  return usable.length === 0 || usable.length === existing.length ? undefined : new Set(usable);
}

type Clocks = { readonly busy: number; readonly whole: number; readonly runnable?: number };

/** In a container with a limit, its own CPU time counts; otherwise that of the machine, or of its CPUs that we may use. */
function readClocks(
  { proc }: SystemFiles,
  container: ContainerLimits,
  allowed: ReadonlySet<number> | undefined,
): Clocks | undefined {
  const used = container.cores === undefined ? undefined : container.cpuSeconds();
  if (used !== undefined) return { busy: used, whole: (performance.now() / 1000) * (container.cores ?? 0) };
  const text = procText(`${proc}/stat`) ?? '';
  let [busy, whole] = [0, 0];
  for (const line of text.split('\n')) {
    const cpu = /^cpu(\d*) /.exec(line)?.[1];
    if (cpu === undefined) break;
    if (allowed === undefined ? cpu !== '' : cpu === '' || !allowed.has(Number(cpu))) continue;
    // Field by field, in ticks: user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user already.
    const ticks = line.split(/ +/).slice(1, 9).map(Number);
    const [, , , idle = Number.NaN, waiting = 0] = ticks;
    const sum = ticks.reduce((total, count) => total + count, 0);
    whole += sum;
    busy += sum - idle - waiting;
  }
  if (!(whole > 0 && Number.isFinite(busy))) return undefined;
  const running = /^procs_running (\d+)$/m.exec(text)?.[1];
  // Threads are not told by the CPUs that they may use.
  return running === undefined || allowed !== undefined ? { busy, whole } : { busy, whole, runnable: Number(running) };
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
