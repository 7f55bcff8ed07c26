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
/** What runs of it uses together, and the most that one of its tasks has used, which is found when it is asked for. */
export type GroupUsage = { readonly now: Measured; peak(): Measured };

/** undefined while nothing was measured. */
export function createUsageTable(
  plan: Plan,
  sample: ResourceSample | undefined,
  peaks: ReadonlyMap<TaskId, Measured>,
): UsageTable | undefined {
  const now = sample?.tasks ?? noTasks;
  if (now.size === 0 && peaks.size === 0) return undefined;
  const sums = groupsOf(plan, now, add);
  let found: Groups | undefined;
  const most = () => {
    found ??= groupsOf(plan, peaks, raise);
    return found;
  };
  const levels = new Map<LevelId, GroupUsage>();
  for (const level of plan.levels.keys())
    levels.set(level, { now: sums.levels.get(level) ?? nothing, peak: () => most().levels.get(level) ?? nothing });
  const families = new Map<TaskId, GroupUsage>();
  for (const family of plan.families.keys())
    families.set(family, {
      now: sums.families.get(family) ?? nothing,
      peak: () => most().families.get(family) ?? nothing,
    });
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
  const used = isRunning ? group?.now : group?.peak();
  if (used === undefined || used.memoryBytes === 0) return undefined;
  return { cpu: used.cpu, memoryBytes: used.memoryBytes, isNow: isRunning };
}

type Sum = { cpu: number; memoryBytes: number };
type Groups = { readonly levels: ReadonlyMap<LevelId, Sum>; readonly families: ReadonlyMap<TaskId, Sum> };

function groupsOf(plan: Plan, used: ReadonlyMap<TaskId, Measured>, add: (sum: Sum, one: Measured) => void): Groups {
  const levels = new Map<LevelId, Sum>();
  const families = new Map<TaskId, Sum>();
  if (plan.levels.size + plan.families.size === 0) return { levels, families };
  for (const [task, measured] of used) {
    const index = plan.indexOf.get(task);
    if (index === undefined) continue;
    const { level, instance } = plan.tasks[index]!.spec;
    if (level !== undefined) add(sumIn(levels, level), measured);
    if (instance !== undefined) add(sumIn(families, instance.of), measured);
  }
  return { levels, families };
}

function sumIn<Key>(sums: Map<Key, Sum>, key: Key): Sum {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const sum = { cpu: 0, memoryBytes: 0 };
  sums.set(key, sum);
  return sum;
}

function add(sum: Sum, { cpu, memoryBytes }: Measured): void {
  sum.cpu += cpu;
  sum.memoryBytes += memoryBytes;
}

function raise(most: Sum, { cpu, memoryBytes }: Measured): void {
  most.cpu = Math.max(most.cpu, cpu);
  most.memoryBytes = Math.max(most.memoryBytes, memoryBytes);
}

const nothing: Measured = { cpu: 0, memoryBytes: 0 };
const noTasks: ReadonlyMap<TaskId, Measured> = new Map();
