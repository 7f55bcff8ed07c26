import { procText } from './proc-text.ts';

/** USER_HZ, the unit of /proc/<pid>/stat on every Linux. */
const ticksPerSecond = 100;

export type ProcessStat = {
  /** The name of its program; the kernel keeps 15 bytes of it. */
  readonly program: string;
  /** It uses a core, or waits for one. */
  readonly isRunnable: boolean;
  readonly parent: number;
  readonly group: number;
  /** Its own, and that of the children it has waited for, which the kernel adds to their parent. */
  readonly cpuSeconds: number;
  /** The latter part of it. */
  readonly endedChildrenCpuSeconds: number;
  readonly pages: number;
};

/** Reads /proc/<pid>/stat; undefined when the process is gone. */
export function readStat(path: string): ProcessStat | undefined {
  const text = procText(path);
  if (text === undefined) return undefined;
  // The program's name may contain spaces and brackets: fields are counted behind the last bracket, from field 3 on.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const number = (at: number) => Number(fields[at]);
  const endedChildrenCpuSeconds = (number(13) + number(14)) / ticksPerSecond;
  return {
    program: text.slice(text.indexOf('(') + 1, end),
    isRunnable: fields[0] === 'R',
    parent: number(1),
    group: number(2),
    cpuSeconds: (number(11) + number(12)) / ticksPerSecond + endedChildrenCpuSeconds,
    endedChildrenCpuSeconds,
    pages: number(21),
  };
}

/** What a process and the children it has waited for moved from and to disks; undefined where that cannot be read. */
export function readIo(path: string): { readonly readBytes: number; readonly writtenBytes: number } | undefined {
  const text = procText(path);
  const bytesOf = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text ?? '')?.[1]);
  const [readBytes, writtenBytes] = [bytesOf('read_bytes'), bytesOf('write_bytes')];
  return Number.isFinite(readBytes + writtenBytes) ? { readBytes, writtenBytes } : undefined;
}

/** Larger than 4096 on some ARM machines: this process's memory in bytes (Node) divided by that in pages (kernel). */
export function pageSize(): number {
  const pages = readStat('/proc/self/stat')?.pages ?? 0;
  return pages > 0 ? 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages)) : 4096;
}
