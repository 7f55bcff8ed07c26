import type { Diagnostic } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import type { TaskUsage } from '../model/run/resource-sample.ts';
import type { ResourceProbe } from '../ports.ts';
import { openLinuxMachine, type SystemFiles } from './linux-machine.ts';
import type { SampleMachine } from './machine-usage.ts';
import { openPortableMachine } from './portable-machine.ts';
import { createProcessScan, type GroupUsage } from './process-scan.ts';

const ownSystem: SystemFiles = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/**
 * Measures the machine and the tasks on it. What cannot be measured is left out of the samples, with one warning
 * `run/no-sensors`.
 */
export async function openResourceProbe(
  onWarning: (warning: Diagnostic) => void,
  files: SystemFiles = ownSystem,
): Promise<ResourceProbe> {
  const sampleMachine = openLinuxMachine(files) ?? (await openPortableMachine().catch(() => noMachine));
  const scan = createProcessScan(files.proc);
  let before: { readonly at: number; readonly groups: ReadonlyMap<number, GroupUsage> } = {
    at: performance.now(),
    groups: new Map(),
  };
  let warned = false;
  const warnOnce = (what: string) => {
    if (!warned) onWarning(noSensors(what));
    warned = true;
  };

  return {
    sample: async (leaders) => {
      const machine = await sampleMachine().catch(() => undefined);
      if (machine === undefined) {
        warnOnce('CPU and memory of this machine');
        return undefined;
      }
      const groups = scan(new Set(leaders.values()));
      if (groups === undefined) {
        warnOnce('CPU and memory of single tasks');
        return { ...machine, tasks: new Map() };
      }
      const at = performance.now();
      const last = before;
      before = { at, groups };
      const tasks = new Map<TaskId, TaskUsage>();
      for (const [task, leader] of leaders) {
        const usage = groups.get(leader);
        if (usage !== undefined) tasks.set(task, usageOf(usage, last.groups.get(leader), (at - last.at) / 1000));
      }
      return { ...machine, tasks };
    },
  };
}

/** All CPU time of a group that is new was used since the previous sample. */
function usageOf(now: GroupUsage, before: GroupUsage | undefined, seconds: number): TaskUsage {
  const worked = now.cpuSeconds - (before?.cpuSeconds ?? 0);
  return { cpu: Math.max(0, worked / seconds), memoryBytes: now.memoryBytes };
}

const noMachine: SampleMachine = async () => undefined;

function noSensors(what: string): Diagnostic {
  return {
    code: 'run/no-sensors',
    severity: 'warning',
    message: `${what} cannot be measured here`,
    hint: 'the run goes on; its charts and its performance record will lack them',
  };
}
