import { readdirSync } from 'node:fs';
import { procText } from './proc-text.ts';

/** What the processes of a group have used up to now, and hold. */
export type GroupUsage = { cpuSeconds: number; memoryBytes: number };

/** The kernel counts in these, whatever its own clock is. */
const ticksPerSecond = 100;

/**
 * Looks at all processes of the system once, and adds up those of the wanted groups. A process that was in none of them
 * twice will be in none later, so that of a crowded machine only the list of names is read a second time. Undefined where
 * there is no /proc.
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

/** With the time of children that ended: theirs moves to the parent, so that nothing a group did is lost in between. */
function readStat(
  path: string,
): { readonly group: number; readonly cpuSeconds: number; readonly pages: number } | undefined {
  const text = procText(path);
  // The program's name may hold anything, so that counting begins behind its closing bracket, with field 3.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  const [group = 0, ...ticks] = [2, 11, 12, 13, 14].map((at) => Number(fields[at]));
  const cpuSeconds = ticks.reduce((sum, count) => sum + count, 0) / ticksPerSecond;
  return { group, cpuSeconds, pages: Number(fields[21]) };
}

/** Some ARM machines have larger ones. Node knows its own memory in bytes, the system in pages. */
function pageSize(): number {
  const pages = readStat('/proc/self/stat')?.pages ?? 0;
  return pages > 0 ? 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages)) : 4096;
}
