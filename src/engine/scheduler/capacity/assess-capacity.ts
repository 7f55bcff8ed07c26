import type { EpochMs } from '../../model/ids.ts';
import type { Limits } from '../../model/pipeline/pipeline.ts';
import type { Capacity, CapacityCause } from '../../model/run/capacity.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { estimateUnknown } from './estimate-unknown.ts';
import { reservedTogether, reserveForRunning } from './task-needs.ts';

/** Above this share of the memory no task starts; above the limit of the pipeline at most two run. */
const memoryFull = 0.95;
const tasksAboveMemoryLimit = 2;
/** A limit is lifted only when the usage is lower than it by this share, so that it does not come and go. */
const hysteresis = 0.03;
/** How long less stays allowed, once it was lowered. */
const holdMs = 3_000;
/** From this age on a task is counted with the CPU that it was measured to use. */
const measuredAfterMs = 2_000;
/** Cores; what uses less is not counted with more than it uses. */
const othersAtLeast = 0.25;
/** Budgets move in steps: of cores, and of parts of the memory. */
const cpuStep = 0.25;
const memorySteps = 256;

/** What the tasks of the run may take of the machine from now on, judged from a sample. Pure. */
export function assessCapacity(current: RunState, sample: ResourceSample): Capacity {
  const before = current.capacity;
  const unknown = estimateUnknown(current, sample);
  // As `evolve` will count the running tasks with the new estimate.
  const estimated: RunState = { ...current, capacity: { ...before, unknown } };
  const state: RunState = { ...estimated, reserved: reserveForRunning(estimated) };
  const cap = capTasks(state, sample);
  const cpu = assessCpu(state, sample);
  const connections = assessConnections(state, sample.connections);
  const next: Capacity = {
    ...(cap === undefined ? {} : { tasks: cap.tasks }),
    cpu: cpu.budget,
    memoryBytes: memoryBudget(state, sample),
    ...(connections === undefined ? {} : { connections }),
    unknown,
    ...causeOf(cap?.cause ?? cpu.cause),
  };
  return before === undefined ? next : withHold(before, withDeadBand(before, next, sample), sample.at);
}

/**
 * What a sample of this machine says of tasks that run on other hosts: what they may take of the database, and that none starts
 * when the disk of their logs is full.
 */
export function assessElsewhere(state: RunState, { disks = [], connections }: ResourceSample): Capacity {
  const cap = capByDisk(state, { disks: disks.filter(({ role }) => role === 'logs') });
  const allowed = assessConnections(state, connections);
  return {
    ...(cap === undefined ? {} : { tasks: cap.tasks, cause: cap.cause }),
    ...(allowed === undefined ? {} : { connections: allowed }),
    unknown: { cpu: 0, memoryBytes: 0 },
  };
}

export type TaskCap = { readonly tasks: number; readonly cause: CapacityCause };

/** A condition under which few or no tasks start, whatever they need. */
function capTasks(state: RunState, sample: ResourceSample): TaskCap | undefined {
  return capByDisk(state, sample) ?? capByMemory(state, sample);
}

/** A disk of the run that is nearly full. */
export function capByDisk(
  { plan, capacity }: Pick<RunState, 'plan' | 'capacity'>,
  { disks = [] }: Pick<ResourceSample, 'disks'>,
): TaskCap | undefined {
  const { diskFreeBytes } = plan.pipeline.limits;
  const floorBytes = diskFreeBytes * (capacity?.cause?.kind === 'disk' ? 1 + hysteresis : 1);
  const full = disks.find(({ freeBytes }) => freeBytes < floorBytes);
  return full === undefined ? undefined : { tasks: 0, cause: { kind: 'disk', ...full, floorBytes: diskFreeBytes } };
}

export function capByMemory(
  { plan, capacity }: Pick<RunState, 'plan' | 'capacity'>,
  { memory }: Pick<ResourceSample, 'memory'>,
): TaskCap | undefined {
  const { limits } = plan.pipeline;
  const lower = capacity?.cause?.kind === 'memory' ? limits.memory * hysteresis : 0;
  const cause = { kind: 'memory', used: round(memory, 0.01), limit: limits.memory } as const;
  if (memory > Math.max(memoryFull, limits.memory) - (capacity?.tasks === 0 ? lower : 0)) return { tasks: 0, cause };
  return memory > limits.memory - lower ? { tasks: tasksAboveMemoryLimit, cause } : undefined;
}

/**
 * Free cores are the limit minus what other programs use and what the running tasks are counted with. The budget is what
 * the running tasks reserve, and the free cores: so it stays valid while tasks start and end until the next sample.
 */
export function assessCpu(
  state: RunState,
  sample: ResourceSample,
): { readonly budget: number; readonly cause?: CapacityCause } {
  const { cpu: limit } = state.plan.pipeline.limits;
  const { cores, cpu, ours, tasks } = sample;
  let [counted, measured] = [0, 0];
  for (const [index, reserved] of state.reserved) {
    const used = tasks.get(state.plan.tasks[index]!.spec.id)?.cpu;
    measured += used ?? 0;
    counted += used !== undefined && isOld(state, index, sample.at) ? used : Math.max(used ?? 0, reserved.cpu);
  }
  const others = demandOfOthers(sample, Math.max(0, cpu * cores - (ours?.cpu ?? measured)), limit);
  const free = limit * cores - others - counted;
  // Something is always left for one task, so that a machine in use by others does not stop the run.
  const budget = Math.max(round(reservedTogether(state).cpu + free, cpuStep), cpuStep);
  if (free > 0) return { budget };
  const shares = { used: round(cpu, 0.01), limit, others: round(others / cores, 0.01) };
  return { budget, cause: { kind: 'cpu', ...shares } };
}

/**
 * How many cores other programs use, or would use: with all cores busy, what they get depends on how many tasks we run, so
 * that the busier we are the smaller they would seem.
 */
function demandOfOthers({ cpu, cores, othersRunnable = 0 }: ResourceSample, used: number, limit: number): number {
  const isSqueezed = cpu > limit && used >= othersAtLeast;
  return isSqueezed ? Math.max(used, Math.min(cores, othersRunnable)) : used;
}

function isOld(state: RunState, index: number, now: EpochMs): boolean {
  const task = entryAt(state.tasks, index).state;
  return task.kind === 'running' && now - task.startedAt >= measuredAfterMs;
}

/** A task keeps its share reserved until it has been seen to use more, so that two starts cannot both take the last room. */
function memoryBudget(state: RunState, { memory, memoryLimitBytes, tasks }: ResourceSample): number {
  let [counted, measured] = [0, 0];
  for (const [index, reserved] of state.reserved) {
    const used = tasks.get(state.plan.tasks[index]!.spec.id)?.memoryBytes ?? 0;
    measured += used;
    counted += Math.max(used, reserved.memoryBytes);
  }
  const others = Math.max(0, memory * memoryLimitBytes - measured);
  const free = state.plan.pipeline.limits.memory * memoryLimitBytes - others - counted;
  const step = memoryLimitBytes / memorySteps;
  return Math.max(0, Math.floor((reservedTogether(state).memoryBytes + free) / step) * step);
}

/** The share of the server's connections that the limit allows, minus those that others hold; at least one. */
function assessConnections({ plan }: RunState, connections: ResourceSample['connections']): number | undefined {
  return connections === undefined ? undefined : Math.max(1, freeConnections(plan.pipeline.limits, connections));
}

/** What is left of the share that tasks may hold, beside what others hold; below one when there is nothing. */
export function freeConnections(
  { dbConnections }: Pick<Limits, 'dbConnections'>,
  { used, limit, ours = 0 }: NonNullable<ResourceSample['connections']>,
): number {
  return Math.floor(limit * dbConnections) - Math.max(0, used - ours);
}

/** Small changes are those of the measurement. */
function withDeadBand(before: Capacity, next: Capacity, { memoryLimitBytes }: ResourceSample): Capacity {
  const isNear = (left = 0, right: number | undefined, by: number) =>
    right !== undefined && Math.abs(left - right) <= by;
  return {
    ...next,
    ...(isNear(next.cpu, before.cpu, cpuStep) ? { cpu: before.cpu } : {}),
    ...(isNear(next.memoryBytes, before.memoryBytes, memoryLimitBytes / memorySteps)
      ? { memoryBytes: before.memoryBytes }
      : {}),
  } as Capacity;
}

/** Less is allowed at once; more only when some seconds have passed since it was lowered. */
function withHold(before: Capacity, next: Capacity, at: EpochMs): Capacity {
  const isLower = isBelow(next.tasks, before.tasks) || isBelow(next.cpu, before.cpu);
  const loweredAt = isLower ? at : before.loweredAt;
  const isHeld = !isLower && loweredAt !== undefined && at - loweredAt < holdMs;
  const held = isHeld && before.tasks !== undefined && isBelow(before.tasks, next.tasks);
  return {
    ...next,
    ...(held ? { tasks: before.tasks, ...causeOf(before.cause) } : {}),
    ...(loweredAt === undefined ? {} : { loweredAt }),
  };
}

/** Undefined is no limit. */
function isBelow(left: number | undefined, right: number | undefined): boolean {
  return (left ?? Number.POSITIVE_INFINITY) < (right ?? Number.POSITIVE_INFINITY);
}

function causeOf(cause: CapacityCause | undefined): Pick<Capacity, 'cause'> {
  return cause === undefined ? {} : { cause };
}

function round(value: number, step: number): number {
  // Through thousandths, so that 7 x 0.01 is 0.07.
  return Math.round(Math.round(value / step) * step * 1_000) / 1_000;
}
