import { entryAt, type RunState } from '../../engine/index.ts';
import { type Condition, conditionOf, conditions } from './task-face.ts';
import { taskDurationMs } from './task-time.ts';

/** How a group of tasks stands. */
export type Tally = {
  readonly tasks: number;
  readonly count: Readonly<Record<Condition, number>>;
  readonly rows: number;
  /** From the first start to the last end (or now); undefined while nothing has begun. */
  readonly durationMs?: number;
};

export function tallyTasks(state: RunState, indices: readonly number[], now: number): Tally {
  const count = Object.fromEntries(conditions.map((condition) => [condition, 0])) as Record<Condition, number>;
  let rows = 0;
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const index of indices) {
    const entry = entryAt(state.tasks, index);
    count[conditionOf(entry.state)] += 1;
    rows += entry.report?.rows ?? 0;
    const durationMs = taskDurationMs(entry, now);
    if (durationMs === undefined) continue;
    start = Math.min(start, entry.startedAt!);
    end = Math.max(end, entry.startedAt! + durationMs);
  }
  const tally = { tasks: indices.length, count, rows };
  return end < start ? tally : { ...tally, durationMs: end - start };
}

/** Tasks that did their work, with or without a fallback, or were set aside. */
export function doneIn({ count }: Tally): number {
  return count.succeeded + count.degraded + count.skipped;
}

/** The one condition that stands for the group: what is most urgent, and done only when all are. */
export function tallyCondition(tally: Tally): Condition {
  const { count } = tally;
  const urgent = urgentFirst.find((condition) => count[condition] > 0);
  if (urgent !== undefined) return urgent;
  if (doneIn(tally) < tally.tasks) return 'waiting';
  return count.degraded > 0 ? 'degraded' : count.skipped === tally.tasks && tally.tasks > 0 ? 'skipped' : 'succeeded';
}

const urgentFirst: readonly Condition[] = [
  'failed',
  'timed-out',
  'running',
  'stopping',
  'retrying',
  'upstream-failed',
  'cancelled',
  'ready',
];
