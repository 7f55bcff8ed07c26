import { formatTally } from '../../display/format-count.ts';
import {
  type CheckResult,
  describeNotRun,
  entryAt,
  type Outcome,
  type RunState,
  type TaskEntry,
  type TaskId,
  type TaskState,
  wasNotRun,
} from '../../engine/index.ts';

/** How many tasks ended how. */
export type Tally = Readonly<
  Record<Exclude<Outcome['kind'], 'upstream-failed'> | 'not-run' | 'unfinished' | 'degraded', number>
>;

type Entry = { readonly task: TaskId; readonly state: TaskState; readonly entry: TaskEntry };

/** What is left to be said when a run is over, by what people look for. */
export type Summary = {
  readonly tally: Tally;
  readonly levels: readonly { readonly name: string; readonly tally: Tally; readonly tookMs: number | undefined }[];
  readonly failed: readonly Entry[];
  readonly degraded: readonly { readonly task: TaskId; readonly note: string }[];
  /** Tasks that never ran, by what kept them from it. */
  readonly notRun: ReadonlyMap<string, readonly TaskId[]>;
  readonly checks: readonly CheckResult[];
  readonly tookMs: number;
};

export function summarise(state: RunState): Summary {
  const entries = state.plan.tasks.map(({ index, spec }) => {
    const entry = entryAt(state.tasks, index);
    return { task: spec.id, state: entry.state, entry };
  });
  const notRun = new Map<string, TaskId[]>();
  for (const [index, { task, entry }] of entries.entries()) {
    if (!wasNotRun(entry)) continue;
    const cause = describeNotRun(state, index);
    const group = notRun.get(cause);
    if (group === undefined) notRun.set(cause, [task]);
    else group.push(task);
  }
  return {
    tally: tallyOf(entries),
    levels: [...state.plan.levels]
      .filter(([, indices]) => indices.length > 0)
      .map(([name, indices]) => {
        const members = indices.map((index) => entries[index]!);
        return { name, tally: tallyOf(members), tookMs: spanOf(members) };
      }),
    failed: entries.filter(({ state: { kind } }) => kind === 'failed' || kind === 'timed-out'),
    degraded: entries.flatMap(({ task, state: outcome }) =>
      outcome.kind === 'succeeded' && outcome.degraded !== undefined ? [{ task, note: outcome.degraded }] : [],
    ),
    notRun,
    checks: state.checks.flatMap((check) => (check.kind === 'done' ? [check.result] : [])),
    tookMs: (state.finishedAt ?? 0) - (state.startedAt ?? state.finishedAt ?? 0),
  };
}

export function describeTally(tally: Tally): string {
  return formatTally([
    [tally.succeeded, 'succeeded'],
    [tally.degraded, 'degraded'],
    [tally.failed, 'failed'],
    [tally['timed-out'], 'timed out'],
    [tally['not-run'], 'not run'],
    [tally.skipped, 'skipped'],
    [tally.cancelled, 'cancelled'],
    [tally.unfinished, 'unfinished'],
  ]);
}

export function describeChecks(checks: readonly CheckResult[]): string {
  const count = (verdict: CheckResult['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  return formatTally([
    [count('pass'), 'passed'],
    [count('warn'), 'warned'],
    [count('fail'), 'failed'],
    [count('error'), count('error') === 1 ? 'error' : 'errors'],
  ]);
}

function tallyOf(entries: readonly Entry[]): Tally {
  const tally = {
    succeeded: 0,
    degraded: 0,
    failed: 0,
    'timed-out': 0,
    skipped: 0,
    'not-run': 0,
    cancelled: 0,
    unfinished: 0,
  };
  for (const { entry } of entries) tally[kindOf(entry)] += 1;
  return tally;
}

function kindOf(entry: TaskEntry): keyof Tally {
  const { state } = entry;
  switch (state.kind) {
    case 'waiting':
    case 'ready':
    case 'running':
    case 'backing-off':
      return 'unfinished';
    case 'succeeded':
      return state.degraded === undefined ? 'succeeded' : 'degraded';
    case 'upstream-failed':
      return 'not-run';
    case 'cancelled':
      return wasNotRun(entry) ? 'not-run' : 'cancelled';
    default:
      return state.kind;
  }
}

/** From the first start to the last end of any of them; undefined when none ran. */
function spanOf(entries: readonly Entry[]): number | undefined {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { entry } of entries) {
    if (entry.startedAt === undefined || entry.endedAt === undefined) continue;
    start = Math.min(start, entry.startedAt);
    end = Math.max(end, entry.endedAt);
  }
  return end >= start ? end - start : undefined;
}
