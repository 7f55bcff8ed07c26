import { entryAt, isOutcome, type RunState } from '../../engine/index.ts';

/**
 * How far a run is, 0 to 1: the tasks that have an outcome, of all, each weighted by what it usually takes; one of unknown
 * duration counts as the mean of the others. A running task counts by the progress that it reports, or by its time so far.
 * @param usualMs by task, as far as it is known
 */
export function runProgress(state: RunState, usualMs: ReadonlyMap<string, number>, now: number): number {
  const { total, ended, running } = sumsOf(state, usualMs);
  if (total === 0) return 1;
  let done = ended;
  for (const index of running) done += weightOf(state, index, usualMs) * runningShare(state, index, usualMs, now);
  return Math.min(1, done / total);
}

/** A task that runs longer than usual is nearly done, and not more. */
const mostByTime = 0.95;

function runningShare(state: RunState, index: number, usualMs: ReadonlyMap<string, number>, now: number): number {
  const { state: task, report } = entryAt(state.tasks, index);
  if (Number.isFinite(report?.progress)) return Math.min(1, Math.max(0, report!.progress!));
  const usual = usualMs.get(state.plan.tasks[index]!.spec.id) ?? 0;
  if (task.kind !== 'running' || usual <= 0) return 0;
  return Math.min(mostByTime, Math.max(0, now - task.startedAt) / usual);
}

/** In ms where durations are known; equal for all where none is. */
function weightOf({ plan }: RunState, index: number, usualMs: ReadonlyMap<string, number>): number {
  return Math.max(1, usualMs.get(plan.tasks[index]!.spec.id) ?? meanOf(usualMs));
}

type Sums = { readonly total: number; readonly ended: number; readonly running: readonly number[] };

/** What only changes with the tasks, so that a frame costs the same in any pipeline. */
function sumsOf(state: RunState, usualMs: ReadonlyMap<string, number>): Sums {
  const known = cache.get(state.tasks);
  if (known?.usualMs === usualMs) return known.sums;
  let [total, ended] = [0, 0];
  const running: number[] = [];
  for (const { index } of state.plan.tasks) {
    const weight = weightOf(state, index, usualMs);
    const { state: task } = entryAt(state.tasks, index);
    total += weight;
    if (isOutcome(task)) ended += weight;
    else if (task.kind === 'running') running.push(index);
  }
  const sums = { total, ended, running };
  cache.set(state.tasks, { usualMs, sums });
  return sums;
}

const cache = new WeakMap<RunState['tasks'], { readonly usualMs: ReadonlyMap<string, number>; readonly sums: Sums }>();
const means = new WeakMap<ReadonlyMap<string, number>, number>();

function meanOf(usualMs: ReadonlyMap<string, number>): number {
  const known = means.get(usualMs);
  if (known !== undefined) return known;
  let sum = 0;
  for (const ms of usualMs.values()) sum += ms;
  const mean = usualMs.size === 0 ? 1 : sum / usualMs.size;
  means.set(usualMs, mean);
  return mean;
}
