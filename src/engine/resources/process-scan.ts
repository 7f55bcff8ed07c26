import { readdirSync } from 'node:fs';
import { type ProcessStat, pageSize, readIo, readStat } from './process-stat.ts';

/** What the processes of a group have used so far, and hold now. */
export type GroupUsage = {
  cpuSeconds: number;
  memoryBytes: number;
  processes: number;
  /** Absent where the system does not tell. */
  readBytes?: number;
  writtenBytes?: number;
};

export type ProcessScan = {
  readonly groups: ReadonlyMap<number, GroupUsage>;
  /** CPU time of this process's children, with that of all children they have waited for. */
  readonly childrenCpuSeconds: number;
  /** How many processes of ours use a core or wait for one: this one, its children, the wanted groups, database servers. */
  readonly runnable: number;
};

/** Is started by this program, and works for others as well. */
const databaseServer = 'postgres';

/**
 * Reads all processes of the system, and adds up those of the wanted groups. A process that was in none of them twice is not
 * read again, so that on a crowded machine later calls read little more than the list of pids. Undefined without /proc.
 */
export function createProcessScan(proc: string): (leaders: ReadonlySet<number>) => ProcessScan | undefined {
  let foreign = new Map<string, number>();
  const pageBytes = pageSize();
  return (leaders) => {
    const names = namesIn(proc);
    if (names === undefined) return undefined;
    const groups = new Map<number, GroupUsage>();
    const stillForeign = new Map<string, number>();
    let childrenCpuSeconds = 0;
    let runnable = 1;
    for (const name of names) {
      const seen = foreign.get(name) ?? 0;
      const stat = seen < 2 || leaders.has(Number(name)) ? readStat(`${proc}/${name}/stat`) : undefined;
      const isServer = stat?.program === databaseServer;
      const isGrouped = stat !== undefined && leaders.has(stat.group);
      const isChild = stat?.parent === process.pid && !isServer;
      if (isGrouped) addTo(groups, stat, pageBytes, `${proc}/${name}/io`);
      else if (isChild) childrenCpuSeconds += stat.cpuSeconds;
      else if (!isServer) stillForeign.set(name, seen + 1);
      if (stat?.isRunnable && (isGrouped || isChild || isServer)) runnable += 1;
    }
    foreign = stillForeign;
    return { groups, childrenCpuSeconds, runnable };
  };
}

function addTo(groups: Map<number, GroupUsage>, stat: ProcessStat, pageBytes: number, ioPath: string): void {
  const group = groups.get(stat.group) ?? { cpuSeconds: 0, memoryBytes: 0, processes: 0 };
  group.cpuSeconds += stat.cpuSeconds;
  group.memoryBytes += stat.pages * pageBytes;
  group.processes += 1;
  const io = readIo(ioPath);
  if (io !== undefined) {
    group.readBytes = (group.readBytes ?? 0) + io.readBytes;
    group.writtenBytes = (group.writtenBytes ?? 0) + io.writtenBytes;
  }
  groups.set(stat.group, group);
}

function namesIn(proc: string): readonly string[] | undefined {
  try {
    const names = readdirSync(proc).filter((name) => /^\d+$/.test(name));
    return names.length === 0 ? undefined : names;
  } catch {
    return undefined;
  }
}
