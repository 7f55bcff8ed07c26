import {
  entryAt,
  type LevelId,
  type Plan,
  type ResourceSample,
  type RunState,
  type TaskId,
  type TaskPeaks,
} from '../../engine/index.ts';

/** What a task uses of the machine, or the tasks of a level or of a matrix together. */
export type Usage = {
  /** Busy cores. */
  readonly cpu: number;
  readonly memoryBytes: number;
  /** As last measured while it runs; else the most that was measured, of a group the most of one of its tasks. */
  readonly isNow: boolean;
};

/** What was measured of the tasks of a run, as of one sample. */
export type UsageTable = {
  readonly now: ReadonlyMap<TaskId, Measured>;
  readonly peaks: ReadonlyMap<TaskId, Measured>;
  readonly levels: ReadonlyMap<LevelId, GroupUsage>;
  readonly families: ReadonlyMap<TaskId, GroupUsage>;
};

type Measured = Pick<TaskPeaks, 'cpu' | 'memoryBytes'>;
/** What runs of it uses together, and the most that one of its tasks has used. */
export type GroupUsage = { readonly now: Measured; readonly peak: Measured };

/** undefined while nothing was measured. */
export function createUsageTable(
  plan: Plan,
  sample: ResourceSample | undefined,
  peaks: ReadonlyMap<TaskId, Measured>,
): UsageTable | undefined {
  const now = sample?.tasks ?? noTasks;
  if (now.size === 0 && peaks.size === 0) return undefined;
  // Changed in place: this is done with every sample, for every task that was measured.
  const levels = new Map<LevelId, Group>();
  const families = new Map<TaskId, Group>();
  const count = (used: ReadonlyMap<TaskId, Measured>, into: 'now' | 'peak', how: (sum: Sum, one: Measured) => void) => {
    for (const [task, measured] of used) {
      const index = plan.indexOf.get(task);
      if (index === undefined) continue;
      const { level, instance } = plan.tasks[index]!.spec;
      if (level !== undefined) how(groupIn(levels, level)[into], measured);
      if (instance !== undefined) how(groupIn(families, instance.of)[into], measured);
    }
  };
  if (plan.levels.size + plan.families.size > 0) {
    count(now, 'now', add);
    count(peaks, 'peak', raise);
  }
  return { now, peaks, levels, families };
}

/** undefined where nothing is known of the task. */
export function usageOfTask(table: UsageTable | undefined, state: RunState, index: number): Usage | undefined {
  if (table === undefined) return undefined;
  const isRunning = entryAt(state.tasks, index).state.kind === 'running';
  const used = (isRunning ? table.now : table.peaks).get(state.plan.tasks[index]!.spec.id);
  return used === undefined ? undefined : { cpu: used.cpu, memoryBytes: used.memoryBytes, isNow: isRunning };
}

/**
 * undefined where nothing is known of the group.
 * @param isRunning whether some of it run
 */
export function usageOfGroup(group: GroupUsage | undefined, isRunning: boolean): Usage | undefined {
  const used = isRunning ? group?.now : group?.peak;
  if (used === undefined || used.memoryBytes === 0) return undefined;
  return { cpu: used.cpu, memoryBytes: used.memoryBytes, isNow: isRunning };
}

type Sum = { cpu: number; memoryBytes: number };
type Group = { readonly now: Sum; readonly peak: Sum };

function groupIn<Key>(groups: Map<Key, Group>, key: Key): Group {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = { now: { cpu: 0, memoryBytes: 0 }, peak: { cpu: 0, memoryBytes: 0 } };
  groups.set(key, group);
  return group;
}

function add(sum: Sum, { cpu, memoryBytes }: Measured): void {
  sum.cpu += cpu;
  sum.memoryBytes += memoryBytes;
}

function raise(most: Sum, { cpu, memoryBytes }: Measured): void {
  most.cpu = Math.max(most.cpu, cpu);
  most.memoryBytes = Math.max(most.memoryBytes, memoryBytes);
}

const noTasks: ReadonlyMap<TaskId, Measured> = new Map();
