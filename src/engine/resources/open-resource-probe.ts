import type { Diagnostic } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import type { TaskUsage } from '../model/run/resource-sample.ts';
import type { ResourceProbe } from '../ports.ts';
import { ownSystem, type SystemFiles } from './control-groups.ts';
import { followFreeDisks, type WatchedDirectory } from './free-disks.ts';
import { openLinuxMachine } from './linux-machine.ts';
import type { SampleMachine } from './machine-usage.ts';
import { openOomKills } from './oom-kills.ts';
import { followOwnUsage } from './own-usage.ts';
import { openPortableMachine } from './portable-machine.ts';
import { createProcessScan, type GroupUsage } from './process-scan.ts';

export type ProbeRequest = {
  readonly onWarning: (warning: Diagnostic) => void;
  /** Whose free room is part of the samples. */
  readonly directories: readonly WatchedDirectory[];
  /** The processes that lead the groups of the tasks that run already. */
  readonly leaders: ReadonlyMap<TaskId, number>;
};

/**
 * Measures the machine and the tasks on it. What cannot be measured is left out of the samples, with one warning
 * `run/no-sensors` for all of it.
 */
export async function openResourceProbe(
  { onWarning, directories, leaders: first }: ProbeRequest,
  files: SystemFiles = ownSystem,
): Promise<ResourceProbe> {
  const sampleMachine = openLinuxMachine(files) ?? (await openPortableMachine().catch(() => noMachine));
  const disks = followFreeDisks(directories);
  disks.refresh();
  const oomKills = openOomKills(files);
  const own = followOwnUsage(files.proc);
  const scan = createProcessScan(files.proc);
  const look = (leaders: ReadonlyMap<TaskId, number>) => ({
    at: performance.now(),
    processes: scan(new Set(leaders.values())),
  });
  let before = look(first);
  if (before.processes !== undefined) own(before.processes, 1, 0);
  const averageRunnable = movingAverage(runnableLooks);
  let warned = false;
  const warnOnce = (missing: readonly (readonly [what: string, value: unknown])[]) => {
    const names = missing.flatMap(([what, value]) => (value === undefined ? what : []));
    if (!warned && names.length > 0) onWarning(noSensors(names));
    warned = true;
  };

  return {
    sample: async (leaders) => {
      const machine = await sampleMachine().catch(() => undefined);
      if (machine === undefined) {
        warnOnce([['CPU and memory of this machine', machine]]);
        return undefined;
      }
      const [last, now] = [before, look(leaders)];
      before = now;
      const seconds = (now.at - last.at) / 1000;
      const free = disks.latest();
      disks.refresh();
      const kills = oomKills();
      const { runnable, ...usage } = machine;
      const othersRunnable =
        runnable === undefined || now.processes === undefined
          ? undefined
          : averageRunnable(Math.max(0, runnable - now.processes.runnable));
      const ours = now.processes && own(now.processes, seconds, machine.cpu * machine.cores);
      warnOnce([
        ['CPU and memory of single tasks', now.processes],
        ['throughput of disks', machine.diskRate],
        ['processes killed by the kernel for lack of memory', kills],
      ]);
      const tasks = new Map<TaskId, TaskUsage>();
      for (const [task, leader] of leaders) {
        const group = now.processes?.groups.get(leader);
        if (group !== undefined) tasks.set(task, usageOf(group, last.processes?.groups.get(leader), seconds));
      }
      return {
        ...usage,
        ...(othersRunnable === undefined ? {} : { othersRunnable }),
        ...(ours === undefined ? {} : { ours }),
        ...(free === undefined ? {} : { disks: free }),
        ...(kills === undefined ? {} : { oomKills: kills }),
        tasks,
      };
    },
  };
}

/** All CPU time of a group that is new was used since the previous sample. */
function usageOf(usage: GroupUsage, before: GroupUsage | undefined, seconds: number): TaskUsage {
  return { ...usage, cpu: Math.max(0, (usage.cpuSeconds - (before?.cpuSeconds ?? 0)) / seconds) };
}

/** A look tells of one moment: the average of some tells two busy threads from one that is busy now and then. */
const runnableLooks = 4;

function movingAverage(count: number): (value: number) => number {
  let values: readonly number[] = [];
  return (value) => {
    values = [...values, value].slice(-count);
    return values.reduce((sum, one) => sum + one, 0) / values.length;
  };
}

const noMachine: SampleMachine = async () => undefined;

function noSensors(missing: readonly string[]): Diagnostic {
  const names = missing.length < 2 ? missing : [`${missing.slice(0, -1).join(', ')} and ${missing.at(-1)}`];
  return {
    code: 'run/no-sensors',
    severity: 'warning',
    message: `${names[0]} cannot be measured here`,
    hint: 'the run continues without these measurements',
  };
}
