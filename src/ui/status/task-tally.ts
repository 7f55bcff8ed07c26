import { groupCondition } from '../../display/states/group-condition.ts';
import { type Condition, conditionOf, conditions, taskDisplay, urgency } from '../../display/states/task-display.ts';
import { awayBetween, type LevelId, type RunState, type TaskEntry, type TaskId } from '../../engine/index.ts';

/** Counts of a group of tasks. */
export type Tally = {
  readonly tasks: number;
  readonly count: Readonly<Record<Condition, number>>;
  readonly rows: number;
  /** From the first start to the last end (or now), without the times in which nobody carried the run out; undefined while nothing has begun. */
  readonly durationMs?: number;
};

type RunTally = {
  readonly all: Tally;
  readonly levels: ReadonlyMap<LevelId, Tally>;
  /** By task with a matrix, of its instances. */
  readonly families: ReadonlyMap<TaskId, Tally>;
};

/**
 * Counts a run's tasks, in total, by level and by matrix. Only chunks of the task table that changed since an earlier call are counted
 * again, so that the cost depends on the number of changes and not on the number of tasks.
 */
export function tallyRun(state: RunState, now: number): RunTally {
  const { all, levels, families } = sumsOfRun(state);
  const tally = (sum: Sum) => tallyOf(sum, state, now);
  return { all: tally(all), levels: mapValues(levels, tally), families: mapValues(families, tally) };
}

function mapValues<Group>(sums: ReadonlyMap<Group, Sum>, tally: (sum: Sum) => Tally): ReadonlyMap<Group, Tally> {
  return new Map([...sums].map(([group, sum]) => [group, tally(sum)]));
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

/** The condition that represents the group. */
export function tallyCondition({ count }: Tally): Condition {
  return groupCondition(count);
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

/** Of some tasks: each is counted once in `all`, and with its level and its matrix. */
type Sums = {
  readonly all: Sum;
  readonly levels: ReadonlyMap<LevelId, Sum>;
  readonly families: ReadonlyMap<TaskId, Sum>;
};

const sumsByTable = new WeakMap<RunState['tasks'], Sums>();
const sumsByChunk = new WeakMap<readonly TaskEntry[], Sums>();

function sumsOfRun(state: RunState): Sums {
  const known = sumsByTable.get(state.tasks);
  if (known !== undefined) return known;
  const { plan, tasks } = state;
  const all = emptySum();
  const levels = new Map<LevelId, Sum>([...plan.levels.keys()].map((level) => [level, emptySum()]));
  const families = new Map<TaskId, Sum>([...plan.families.keys()].map((family) => [family, emptySum()]));
  let first = 0;
  for (const chunk of tasks.chunks) {
    const part = sumsOf(chunk, first, state);
    add(all, part.all);
    for (const [level, sum] of part.levels) add(sumFor(levels, level), sum);
    for (const [family, sum] of part.families) add(sumFor(families, family), sum);
    first += chunk.length;
  }
  const sums = { all, levels, families };
  sumsByTable.set(tasks, sums);
  return sums;
}

function sumsOf(chunk: readonly TaskEntry[], first: number, { plan }: RunState): Sums {
  const known = sumsByChunk.get(chunk);
  if (known !== undefined) return known;
  const all = emptySum();
  const levels = new Map<LevelId, Sum>();
  const families = new Map<TaskId, Sum>();
  chunk.forEach((entry, index) => {
    const { level, instance } = plan.tasks[first + index]!.spec;
    count(all, entry);
    if (level !== undefined) count(sumFor(levels, level), entry);
    if (instance !== undefined) count(sumFor(families, instance.of), entry);
  });
  const sums = { all, levels, families };
  sumsByChunk.set(chunk, sums);
  return sums;
}

function sumFor<Group>(sums: Map<Group, Sum>, group: Group): Sum {
  const known = sums.get(group);
  if (known !== undefined) return known;
  const sum = emptySum();
  sums.set(group, sum);
  return sum;
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

function tallyOf(sum: Sum, { away }: RunState, now: number): Tally {
  const count = Object.fromEntries(conditions.map((condition, index) => [condition, sum.count[index]!]));
  const tally = { tasks: sum.tasks, count: count as Record<Condition, number>, rows: sum.rows };
  const end = sum.live ? Math.max(now, sum.end) : sum.end;
  return end < sum.start ? tally : { ...tally, durationMs: end - sum.start - awayBetween(away, sum.start, end) };
}
