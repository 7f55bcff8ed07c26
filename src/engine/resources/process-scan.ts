import { readdirSync } from 'node:fs';
import { procText } from './proc-text.ts';

/** What the processes of a group have used so far, and hold now. */
export type GroupUsage = { cpuSeconds: number; memoryBytes: number };

/** USER_HZ, the unit of /proc/<pid>/stat on every Linux. */
const ticksPerSecond = 100;

/**
 * Reads all processes of the system, and adds up those of the wanted groups. A process that was in none of them twice is not
 * read again, so that on a crowded machine later calls read little more than the list of pids. Undefined without /proc.
 */
export function createProcessScan(
  proc: string,
): (leaders: ReadonlySet<number>) => ReadonlyMap<number, GroupUsage> | undefined {
  let foreign = new Map<string, number>();
  const pageBytes = pageSize();
  return (leaders) => {
    const names = namesIn(proc);
    if (names === undefined) return undefined;
    const groups = new Map<number, GroupUsage>();
    const stillForeign = new Map<string, number>();
    for (const name of names) {
      const seen = foreign.get(name) ?? 0;
      const stat = seen < 2 || leaders.has(Number(name)) ? readStat(`${proc}/${name}/stat`) : undefined;
      if (stat === undefined || !leaders.has(stat.group)) {
        stillForeign.set(name, seen + 1);
        continue;
      }
      const group = groups.get(stat.group) ?? { cpuSeconds: 0, memoryBytes: 0 };
      group.cpuSeconds += stat.cpuSeconds;
      group.memoryBytes += stat.pages * pageBytes;
      groups.set(stat.group, group);
    }
    foreign = stillForeign;
    return groups;
  };
}

function namesIn(proc: string): readonly string[] | undefined {
  try {
    const names = readdirSync(proc).filter((name) => /^\d+$/.test(name));
    return names.length === 0 ? undefined : names;
  } catch {
    return undefined;
  }
}

/** Includes the time of children that were waited for, which the kernel adds to their parent. */
function readStat(
  path: string,
): { readonly group: number; readonly cpuSeconds: number; readonly pages: number } | undefined {
  const text = procText(path);
  // The program's name may contain spaces and brackets: fields are counted behind the last bracket, from field 3 on.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  const [group = 0, ...ticks] = [2, 11, 12, 13, 14].map((at) => Number(fields[at]));
  const cpuSeconds = ticks.reduce((sum, count) => sum + count, 0) / ticksPerSecond;
  return { group, cpuSeconds, pages: Number(fields[21]) };
}

/** Larger than 4096 on some ARM machines: this process's memory in bytes (Node) divided by that in pages (kernel). */
function pageSize(): number {
  const pages = readStat('/proc/self/stat')?.pages ?? 0;
  return pages > 0 ? 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages)) : 4096;
}
