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

/** What was measured of the tasks of a run, as of one sample; by index in the plan. */
export type UsageTable = {
  readonly now: ReadonlyMap<number, Measured>;
  readonly peaks: ReadonlyMap<number, Measured>;
  readonly levels: ReadonlyMap<LevelId, GroupUsage>;
  readonly families: ReadonlyMap<TaskId, GroupUsage>;
};

type Measured = { readonly cpu: number; readonly memoryBytes: number };
export type GroupUsage = { readonly now?: Measured; readonly peak?: Measured };

/** undefined while nothing was measured. */
export function createUsageTable(
  plan: Plan,
  sample: ResourceSample | undefined,
  peaksById: ReadonlyMap<TaskId, Pick<TaskPeaks, 'cpu' | 'memoryBytes'>>,
): UsageTable | undefined {
  const now = byIndex(plan, sample?.tasks ?? noTasks);
  const peaks = byIndex(plan, peaksById);
  if (now.size === 0 && peaks.size === 0) return undefined;
  const levels = new Map<LevelId, GroupUsage>();
  const families = new Map<TaskId, GroupUsage>();
  const merge = (index: number, change: (group: GroupUsage | undefined) => GroupUsage) => {
    const { level, instance } = plan.tasks[index]!.spec;
    if (level !== undefined) levels.set(level, change(levels.get(level)));
    if (instance !== undefined) families.set(instance.of, change(families.get(instance.of)));
  };
  for (const [index, used] of now) merge(index, (group) => ({ ...group, now: combine(group?.now, used, sum) }));
  for (const [index, used] of peaks)
    merge(index, (group) => ({ ...group, peak: combine(group?.peak, used, Math.max) }));
  return { now, peaks, levels, families };
}

/** undefined where nothing is known of the task. */
export function usageOfTask(table: UsageTable | undefined, state: RunState, index: number): Usage | undefined {
  if (table === undefined) return undefined;
  const isRunning = entryAt(state.tasks, index).state.kind === 'running';
  return usageOf({ now: table.now.get(index), peak: table.peaks.get(index) }, isRunning);
}

/** @param isRunning whether some of the group run */
export function usageOfGroup(group: GroupUsage | undefined, isRunning: boolean): Usage | undefined {
  return group === undefined ? undefined : usageOf(group, isRunning);
}

function usageOf(
  { now, peak }: { readonly now?: Measured | undefined; readonly peak?: Measured | undefined },
  isRunning: boolean,
): Usage | undefined {
  const used = isRunning ? now : peak;
  return used === undefined ? undefined : { cpu: used.cpu, memoryBytes: used.memoryBytes, isNow: isRunning };
}

function byIndex(plan: Plan, used: ReadonlyMap<TaskId, Measured>): ReadonlyMap<number, Measured> {
  const found = new Map<number, Measured>();
  for (const [task, measured] of used) {
    const index = plan.indexOf.get(task);
    if (index !== undefined) found.set(index, measured);
  }
  return found;
}

function combine(one: Measured | undefined, other: Measured, how: (a: number, b: number) => number): Measured {
  if (one === undefined) return other;
  return { cpu: how(one.cpu, other.cpu), memoryBytes: how(one.memoryBytes, other.memoryBytes) };
}

function sum(one: number, other: number): number {
  return one + other;
}

const noTasks: ReadonlyMap<TaskId, Measured> = new Map();
