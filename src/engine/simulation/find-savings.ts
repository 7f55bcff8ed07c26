import type { EpochMs, TaskId } from '../model/ids.ts';
import type { Plan, RunOptions } from '../model/pipeline/plan.ts';
import type { CriticalPath } from '../plan/critical-path.ts';
import type { Forecast } from './forecast.ts';
import type { SimulatedRun } from './observe-run.ts';
import { predictedStart } from './predicted-start.ts';
import { simulateRun } from './simulate-run.ts';

/** A change that would make a run shorter, by `savedMs`. */
export type Saving = { readonly savedMs: number } & (
  | { readonly kind: 'task'; readonly task: TaskId; readonly ms: number; readonly share: number }
  /** Without the limit of the pool, the slots, the connections or the memory; `task` is the one that waits most for it. */
  | { readonly kind: 'pool'; readonly pool: string; readonly task: TaskId; readonly waitMs: number }
  | { readonly kind: 'slots'; readonly slots: number; readonly task: TaskId; readonly waitMs: number }
  | { readonly kind: 'connections'; readonly budget: number; readonly task: TaskId; readonly waitMs: number }
  | { readonly kind: 'memory'; readonly task: TaskId; readonly waitMs: number }
  | { readonly kind: 'cores'; readonly cores: number; readonly needed: number }
);

type World = { readonly plan: Plan; readonly options: RunOptions; readonly forecast: Forecast };

/** Each change costs a simulation, so that only the likely ones are tried. */
const maxTasks = 3;
const maxPools = 3;
/** As many as a pipeline may ask for; with more, what is reserved for running tasks makes a plan of ten thousand slow. */
const mostSlots = 1_000;
/** Changes that save less are not worth a line. */
const minShare = 0.01;

/** What would make the run shorter, the most first: found by playing it without one limit, or without one task's time. */
export function findSavings(world: World, run: SimulatedRun, path: CriticalPath): readonly Saving[] {
  const changes = [...withoutTasks(world, path), ...withoutPools(world, run), ...withoutLimits(world, run)];
  return changes
    .flatMap(({ world: changed, saving }) => {
      const after = play(changed);
      const savedMs = run.durationMs - after.durationMs;
      return savedMs > 0 && savedMs >= run.durationMs * minShare ? [{ savedMs, ...saving(after) }] : [];
    })
    .sort((a, b) => b.savedMs - a.savedMs);
}

type WithoutTime<S> = S extends Saving ? Omit<S, 'savedMs'> : never;
type Change = { readonly world: World; readonly saving: (after: SimulatedRun) => WithoutTime<Saving> };

function withoutTasks(world: World, path: CriticalPath): readonly Change[] {
  const { plan, forecast } = world;
  return longestOf(path, forecast).map((index) => {
    const ms = forecast.taskMs[index]!;
    const task = plan.tasks[index]!.spec.id;
    return {
      world: { ...world, forecast: { ...forecast, taskMs: forecast.taskMs.with(index, 0) } },
      saving: () => ({ kind: 'task', task, ms, share: ms / path.totalMs }),
    };
  });
}

function withoutPools(world: World, run: SimulatedRun): readonly Change[] {
  const { plan } = world;
  return contendedPools(plan, run).map((pool) => ({
    world: { ...world, plan: withPool(plan, pool) },
    saving: (after) => ({ kind: 'pool', pool, ...relieved(plan, run, after) }),
  }));
}

function withoutLimits(world: World, run: SimulatedRun): readonly Change[] {
  const { plan, options, forecast } = world;
  const changes: Change[] = [];
  if (!options.sequential && hasWaits(run)) {
    changes.push({
      world: { ...world, options: { ...options, maxParallel: Math.min(plan.tasks.length, mostSlots) } },
      saving: (after) => ({ kind: 'slots', slots: options.maxParallel, ...relieved(plan, run, after) }),
    });
    const { connectionBudget: budget, ...unlimited } = options;
    if (budget !== undefined) {
      changes.push({
        world: { ...world, options: unlimited },
        saving: (after) => ({ kind: 'connections', budget, ...relieved(plan, run, after) }),
      });
    }
  }
  if (run.peak.cpu >= plan.pipeline.limits.cpu * forecast.cores) {
    // Enough for all tasks together, whatever the limit of the pipeline is.
    const cores = forecast.cpu.reduce((sum, one) => sum + one, 0) / plan.pipeline.limits.cpu + 1;
    changes.push({
      world: { ...world, forecast: { ...forecast, cores } },
      saving: ({ peak }) => ({ kind: 'cores', cores: forecast.cores, needed: peak.cpu }),
    });
  }
  if (hasWaits(run) && run.peak.memoryBytes > 0) {
    changes.push({
      world: { ...world, forecast: { ...forecast, memoryLimitBytes: Number.POSITIVE_INFINITY } },
      saving: (after) => ({ kind: 'memory', ...relieved(plan, run, after) }),
    });
  }
  return changes;
}

function play({ plan, options, forecast }: World): SimulatedRun {
  return simulateRun(predictedStart(plan, options, forecast), forecast, 0 as EpochMs);
}

function longestOf({ tasks }: CriticalPath, { taskMs, isKnown }: Forecast): readonly number[] {
  return tasks
    .filter((index) => isKnown[index])
    .sort((a, b) => taskMs[b]! - taskMs[a]!)
    .slice(0, maxTasks);
}

/** The pools whose tasks wait longest although they are ready. */
function contendedPools({ tasks }: Plan, run: SimulatedRun): readonly string[] {
  const waits = new Map<string, number>();
  for (const { index, spec } of tasks) {
    for (const pool of spec.pools) waits.set(pool, (waits.get(pool) ?? 0) + waitOf(run, index));
  }
  const waiting = [...waits].filter(([, ms]) => ms > 0).sort(([, a], [, b]) => b - a);
  return waiting.slice(0, maxPools).map(([pool]) => pool);
}

function withPool(plan: Plan, pool: string): Plan {
  const pools = new Map([...plan.pipeline.pools, [pool, plan.tasks.length]]);
  return { ...plan, pipeline: { ...plan.pipeline, pools } };
}

/** The task whose wait a change shortens most. */
function relieved({ tasks }: Plan, before: SimulatedRun, after: SimulatedRun) {
  const reliefOf = (index: number) => waitOf(before, index) - waitOf(after, index);
  const { index, spec } = tasks.reduce((best, one) => (reliefOf(one.index) > reliefOf(best.index) ? one : best));
  return { task: spec.id, waitMs: waitOf(before, index) };
}

function hasWaits(run: SimulatedRun): boolean {
  return run.startMs.some((_, index) => waitOf(run, index) > 0);
}

/** How long a task was ready and did not run; 0 when it never ran. */
function waitOf({ readyMs, startMs }: SimulatedRun, index: number): number {
  return startMs[index]! - readyMs[index]! || 0;
}
