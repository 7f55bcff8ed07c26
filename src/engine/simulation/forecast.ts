import { medianOf } from '../model/median.ts';
import type { Plan } from '../model/pipeline/plan.ts';
import { ofTaskOrFamily, type PastRuns, type PastTask } from '../model/run/past-runs.ts';

/** What the tasks and checks of a plan are expected to take and to use; arrays by index, times in ms. */
export type Forecast = {
  /** Of the machine. */
  readonly cores: number;
  readonly memoryLimitBytes: number;
  readonly taskMs: readonly number[];
  /** Busy cores on average; 0 where it is unknown. */
  readonly cpu: readonly number[];
  readonly memoryBytes: readonly number[];
  readonly connections: readonly number[];
  readonly checkMs: readonly number[];
  /** Whether the duration of the task is known, and not only taken from the others. */
  readonly isKnown: readonly boolean[];
  /** How much longer an attempt takes that has been running for `elapsedMs`. */
  readonly remainingMs: (index: number, elapsedMs: number) => number;
};

export type MachineSize = { readonly cores: number; readonly memoryBytes: number };

/** The usual duration of tasks, or the shortest or longest known. */
export type Estimate = 'usual' | 'low' | 'high';

/**
 * The forecast that earlier runs allow. A task of which nothing is known is taken for as long as the median of the others;
 * for a low estimate for as short as the shortest of them, for a high one as long as the longest.
 */
export function forecastOf(
  { tasks, checks }: Plan,
  past: PastRuns,
  { cores, memoryBytes: memoryLimitBytes }: MachineSize,
  estimate: Estimate = 'usual',
): Forecast {
  const pasts = tasks.map(({ spec }) => ofTaskOrFamily(past.tasks, spec.id));
  const known = pasts.flatMap((one) => (one === undefined ? [] : [estimated(one, estimate)]));
  const unknownMs = estimateUnknown(known, estimate);
  const taskMs = pasts.map((one, index) =>
    tasks[index]!.skip ? 0 : one === undefined ? unknownMs : estimated(one, estimate),
  );
  return {
    cores,
    memoryLimitBytes,
    taskMs,
    cpu: pasts.map((one, index) => tasks[index]!.spec.cpu ?? one?.cpu ?? 0),
    memoryBytes: pasts.map((one, index) => tasks[index]!.spec.memoryBytes ?? one?.memoryBytes ?? 0),
    connections: pasts.map((one, index) => tasks[index]!.spec.connections || (one?.connections ?? 0)),
    checkMs: checks.map(({ spec }) => past.checksMs.get(spec.name) ?? 0),
    isKnown: pasts.map((one) => one !== undefined),
    remainingMs: (index, elapsedMs) => {
      const leftMs = taskMs[index]! - elapsedMs;
      return leftMs > 0 ? leftMs : overdueMs(pasts[index], elapsedMs);
    },
  };
}

/** Without any history all tasks are taken to be of one length. */
const unitMs = 1_000;

/** After one run, a task is expected to vary by this factor. */
const spread = 1.5;

function estimated({ durationsMs, medianMs }: PastTask, estimate: Estimate): number {
  const factor = durationsMs.length === 1 ? spread : 1;
  switch (estimate) {
    case 'usual':
      return medianMs;
    case 'low':
      return durationsMs[0]! / factor;
    case 'high':
      return durationsMs[durationsMs.length - 1]! * factor;
  }
}

function estimateUnknown(known: readonly number[], estimate: Estimate): number {
  if (known.length === 0) return unitMs;
  if (estimate === 'usual') return medianOf(known)!;
  return known.reduce((left, right) => (estimate === 'low' ? Math.min(left, right) : Math.max(left, right)));
}

/** An attempt that takes longer than usual is one of those that took longer before; longer than all of them, it may end any moment. */
function overdueMs(past: PastTask | undefined, elapsedMs: number): number {
  const longer = medianOf(past?.durationsMs.filter((ms) => ms > elapsedMs) ?? []);
  return longer === undefined ? 0 : longer - elapsedMs;
}
