import {
  type Condition,
  conditionOf,
  conditions,
  groupConditions,
  taskDisplay,
  urgency,
} from '../../display/states/task-display.ts';
import type { LevelId, RunState, TaskEntry } from '../../engine/index.ts';

/** Counts of a group of tasks. */
export type Tally = {
  readonly tasks: number;
  readonly count: Readonly<Record<Condition, number>>;
  readonly rows: number;
  /** From the first start to the last end (or now); undefined while nothing has begun. */
  readonly durationMs?: number;
};

type RunTally = { readonly all: Tally; readonly levels: ReadonlyMap<LevelId, Tally> };

/**
 * Counts a run's tasks, in total and by level. Only chunks of the task table that changed since an earlier call are counted
 * again, so that the cost depends on the number of changes and not on the number of tasks.
 */
export function tallyRun(state: RunState, now: number): RunTally {
  const { all, levels } = sumsOfRun(state);
  return { all: tallyOf(all, now), levels: new Map([...levels].map(([level, sum]) => [level, tallyOf(sum, now)])) };
}

/** Tasks whose work is done, or need not be: those that succeeded, with or without a fallback, were skipped or not needed. */
export function doneIn({ count }: Tally): number {
  return sumOf(count, ({ isDone }) => isDone === true);
}

/** How many tasks a header counts as this condition. */
export function countedAs({ count }: Tally, condition: Condition): number {
  return sumOf(count, (display) => display.countedAs === condition);
}

function sumOf(count: Tally['count'], includes: (display: ReturnType<typeof taskDisplay>) => boolean): number {
  return conditions.reduce((sum, condition) => sum + (includes(taskDisplay(condition)) ? count[condition] : 0), 0);
}

/** The condition that represents the group: the most urgent one; done only when all tasks are. */
export function tallyCondition(tally: Tally): Condition {
  const { count } = tally;
  const urgent = groupConditions.find((condition) => count[condition] > 0);
  if (urgent !== undefined) return urgent;
  if (doneIn(tally) < tally.tasks) return 'waiting';
  if (count.degraded > 0) return 'degraded';
  if (count.stale > 0) return 'stale';
  if (tally.tasks === 0) return 'succeeded';
  if (count.skipped === tally.tasks) return 'skipped';
  return count['not-needed'] + count.skipped === tally.tasks ? 'not-needed' : 'succeeded';
}

/** An unfinished tally; `count` by urgency. Independent of the time, so that it can be cached. */
type Sum = {
  tasks: number;
  readonly count: number[];
  rows: number;
  start: number;
  end: number;
  /** Some have started and not ended. */
  live: boolean;
};

type Sums = ReadonlyMap<LevelId | undefined, Sum>;
type RunSums = { readonly all: Sum; readonly levels: ReadonlyMap<LevelId, Sum> };

const sumsByTable = new WeakMap<RunState['tasks'], RunSums>();
const sumsByChunk = new WeakMap<readonly TaskEntry[], Sums>();

function sumsOfRun(state: RunState): RunSums {
  const known = sumsByTable.get(state.tasks);
  if (known !== undefined) return known;
  const all = emptySum();
  const levels = new Map<LevelId, Sum>([...state.plan.levels.keys()].map((level) => [level, emptySum()]));
  let first = 0;
  for (const chunk of state.tasks.chunks) {
    for (const [level, sum] of sumsOf(chunk, first, state)) {
      add(all, sum);
      const own = level === undefined ? undefined : levels.get(level);
      if (own !== undefined) add(own, sum);
    }
    first += chunk.length;
  }
  const sums = { all, levels };
  sumsByTable.set(state.tasks, sums);
  return sums;
}

function sumsOf(chunk: readonly TaskEntry[], first: number, { plan }: RunState): Sums {
  const known = sumsByChunk.get(chunk);
  if (known !== undefined) return known;
  const sums = new Map<LevelId | undefined, Sum>();
  chunk.forEach((entry, index) => {
    const { level } = plan.tasks[first + index]!.spec;
    const sum = sums.get(level) ?? emptySum();
    sums.set(level, sum);
    count(sum, entry);
  });
  sumsByChunk.set(chunk, sums);
  return sums;
}

function emptySum(): Sum {
  const count = conditions.map(() => 0);
  return { tasks: 0, count, rows: 0, start: Number.POSITIVE_INFINITY, end: Number.NEGATIVE_INFINITY, live: false };
}

function count(sum: Sum, entry: TaskEntry): void {
  const { report, startedAt, endedAt } = entry;
  sum.tasks += 1;
  sum.count[urgency[conditionOf(entry)]]! += 1;
  sum.rows += report?.rows ?? 0;
  if (startedAt === undefined) return;
  sum.start = Math.min(sum.start, startedAt);
  if (endedAt === undefined) sum.live = true;
  else sum.end = Math.max(sum.end, endedAt);
}

function add(sum: Sum, other: Sum): void {
  sum.tasks += other.tasks;
  other.count.forEach((some, index) => {
    sum.count[index]! += some;
  });
  sum.rows += other.rows;
  sum.start = Math.min(sum.start, other.start);
  sum.end = Math.max(sum.end, other.end);
  sum.live ||= other.live;
}

function tallyOf(sum: Sum, now: number): Tally {
  const count = Object.fromEntries(conditions.map((condition, index) => [condition, sum.count[index]!]));
  const tally = { tasks: sum.tasks, count: count as Record<Condition, number>, rows: sum.rows };
  const end = sum.live ? Math.max(now, sum.end) : sum.end;
  return end < sum.start ? tally : { ...tally, durationMs: end - sum.start };
}
