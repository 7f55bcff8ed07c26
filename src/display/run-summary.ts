import {
  awayBetween,
  type CheckResult,
  describeNotRun,
  entryAt,
  hasFailed,
  type RunState,
  type TaskEntry,
  type TaskId,
  type TaskState,
  wasNotRun,
} from '../engine/index.ts';
import { formatTally } from './format/format-count.ts';
import { staleText } from './staleness-text.ts';
import { checkNotRun, verdictCounts } from './states/check-display.ts';
import { countWordOf } from './states/display.ts';
import { type Condition, conditionOf, taskDisplay } from './states/task-display.ts';
import { standInOf } from './task-ending.ts';

type Unfinished = 'waiting' | 'awaiting' | 'asking' | 'ready' | 'running' | 'stopping' | 'retrying';

/** The conditions that a task can have at the end of a run, in the order of a tally. */
const emptyTally = {
  succeeded: 0,
  degraded: 0,
  stale: 0,
  tolerated: 0,
  failed: 0,
  'timed-out': 0,
  'not-run': 0,
  skipped: 0,
  'not-needed': 0,
  reused: 0,
  cancelled: 0,
  unfinished: 0,
} as const satisfies Record<Exclude<Condition, Unfinished> | 'unfinished', 0>;

/** How many tasks ended how. */
export type Tally = Readonly<Record<keyof typeof emptyTally, number>>;

type Entry = { readonly task: TaskId; readonly state: TaskState; readonly entry: TaskEntry };

/** What a log reports when a run has ended. */
export type Summary = {
  readonly tally: Tally;
  readonly levels: readonly { readonly name: string; readonly tally: Tally; readonly tookMs: number | undefined }[];
  readonly failed: readonly Entry[];
  /** Those that failed and whose author lets the run go on. */
  readonly tolerated: readonly Entry[];
  readonly degraded: readonly { readonly task: TaskId; readonly note: string }[];
  /** Tasks that are stale because of others, by the reason. */
  readonly stale: ReadonlyMap<string, readonly TaskId[]>;
  /** Tasks that were not run, by the reason. */
  readonly notRun: ReadonlyMap<string, readonly TaskId[]>;
  readonly checks: readonly CheckResult[];
  /** How many checks were not run; 0 in a run without its checks. */
  readonly checksNotRun: number;
  readonly tookMs: number;
};

export function summarise(state: RunState): Summary {
  const entries = state.plan.tasks.map(({ index, spec }) => {
    const entry = entryAt(state.tasks, index);
    return { task: spec.id, state: entry.state, entry };
  });
  const notRun = groupBy(entries, ({ entry }, index) => (wasNotRun(entry) ? describeNotRun(state, index) : undefined));
  const stale = groupBy(entries, ({ entry }) =>
    conditionOf(entry) === 'stale' && entry.stale !== undefined ? staleText(entry.stale) : undefined,
  );
  return {
    tally: tallyOf(entries),
    levels: [...state.plan.levels]
      .filter(([, indices]) => indices.length > 0)
      .map(([name, indices]) => {
        const members = indices.map((index) => entries[index]!);
        return { name, tally: tallyOf(members), tookMs: spanOf(members, state) };
      }),
    failed: entries.filter(({ state: one }) => hasFailed(one)),
    tolerated: entries.filter(({ entry }) => conditionOf(entry) === 'tolerated'),
    degraded: entries.flatMap(({ task, state: outcome, entry }) =>
      outcome.kind === 'succeeded' && outcome.degraded !== undefined
        ? [{ task, note: standInOf(outcome, entry).join(', ') }]
        : [],
    ),
    stale,
    notRun,
    checks: state.checks.flatMap((check) => (check.kind === 'done' ? [check.result] : [])),
    checksNotRun: state.options.runChecks ? state.checks.filter(({ kind }) => kind !== 'done').length : 0,
    tookMs: timeBetween(state, state.startedAt ?? state.finishedAt ?? 0, state.finishedAt ?? 0),
  };
}

/** The tasks that have a text, by it. */
function groupBy(
  entries: readonly Entry[],
  textOf: (entry: Entry, index: number) => string | undefined,
): ReadonlyMap<string, readonly TaskId[]> {
  const groups = new Map<string, TaskId[]>();
  for (const [index, entry] of entries.entries()) {
    const text = textOf(entry, index);
    if (text === undefined) continue;
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [entry.task]);
    else group.push(entry.task);
  }
  return groups;
}

/** `4 succeeded, 1 failed`. */
export function describeTally(tally: Tally): string {
  const kinds = Object.keys(emptyTally) as (keyof Tally)[];
  return formatTally(kinds.map((kind) => [tally[kind], kind === 'unfinished' ? kind : countWordOf(taskDisplay(kind))]));
}

/** `3 passed, 1 failed, 1 error, 2 not run`. */
export function describeChecks({ checks, checksNotRun }: Pick<Summary, 'checks' | 'checksNotRun'>): string {
  return formatTally([...verdictCounts(countVerdicts(checks)), [checksNotRun, checkNotRun.word]]);
}

export function countVerdicts(checks: readonly CheckResult[]): Readonly<Record<CheckResult['verdict'], number>> {
  const count = { pass: 0, warn: 0, fail: 0, error: 0 };
  for (const { verdict } of checks) count[verdict] += 1;
  return count;
}

function tallyOf(entries: readonly Entry[]): Tally {
  const tally: Record<keyof Tally, number> = { ...emptyTally };
  for (const { entry } of entries) tally[kindOf(entry)] += 1;
  return tally;
}

function kindOf(entry: TaskEntry): keyof Tally {
  const condition = conditionOf(entry);
  return isUnfinished(condition) ? 'unfinished' : condition;
}

function isUnfinished(condition: Condition): condition is Unfinished {
  return !(condition in emptyTally);
}

/** Without the times in which nobody carried the run out. */
function timeBetween({ away }: RunState, start: number, end: number): number {
  return end - start - awayBetween(away, start, end);
}

/** From the first start to the last end of any of them; undefined when none ran. */
function spanOf(entries: readonly Entry[], state: RunState): number | undefined {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { entry } of entries) {
    if (entry.startedAt === undefined || entry.endedAt === undefined) continue;
    start = Math.min(start, entry.startedAt);
    end = Math.max(end, entry.endedAt);
  }
  return end >= start ? timeBetween(state, start, end) : undefined;
}
