import type { ProcessScan } from './process-scan.ts';
import { readStat } from './process-stat.ts';

export type OwnUsage = { readonly cpu: number; readonly taskCpuSeconds: number };

/**
 * Follows the CPU time of this program, its slots and its tasks. A slot waits for its tasks, and we wait for our slots, so
 * that the kernel counts what has ended to the one that waited. The first call only remembers what it saw.
 */
export function followOwnUsage(
  proc: string,
): (scan: ProcessScan, seconds: number, busyCores: number) => OwnUsage | undefined {
  const path = `${proc}/self/stat`;
  let endedBefore: number | undefined;
  let before: { readonly cpuSeconds: number; readonly cpu: number } | undefined;
  let taskCpuSeconds = 0;
  return ({ groups, childrenCpuSeconds }, seconds, busyCores) => {
    const self = readStat(path);
    if (self === undefined) return undefined;
    // Children that ended before the first look were hardly tasks of this run.
    endedBefore ??= self.endedChildrenCpuSeconds;
    let others = childrenCpuSeconds;
    for (const group of groups.values()) others += group.cpuSeconds;
    taskCpuSeconds = Math.max(taskCpuSeconds, others + self.endedChildrenCpuSeconds - endedBefore);
    const cpuSeconds = self.cpuSeconds + others;
    const last = before;
    before = { cpuSeconds, cpu: 0 };
    if (last === undefined) return undefined;
    const grown = (cpuSeconds - last.cpuSeconds) / seconds;
    // A process that ends between two reads of a scan is counted twice or not at all: what is impossible is not believed.
    const cpu = grown < 0 ? Math.min(last.cpu, busyCores) : Math.min(grown, busyCores);
    before = { cpuSeconds, cpu };
    return { cpu, taskCpuSeconds };
  };
}
