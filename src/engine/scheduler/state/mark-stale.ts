import type { EpochMs, TaskId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { olderOf, type Staleness } from '../../model/run/staleness.ts';
import type { Outcome } from '../../model/run/task-state.ts';
import { entryAt, type TaskEntry, withEntry } from '../../model/run/task-table.ts';
import { lastGoodLoad } from '../attempts/last-good-load.ts';

/**
 * Why the data of a task that ends now is not up to date; undefined when it is. It is as old as the oldest of its own
 * outcome and of what it was made from: tasks of this run, and the data of those that did not run.
 */
export function stalenessAtEnd(state: RunState, index: number, outcome: Outcome): Staleness | undefined {
  if (outcome.kind !== 'succeeded' && outcome.kind !== 'reused') return undefined;
  const { spec, upstream } = state.plan.tasks[index]!;
  let oldest: Staleness | undefined =
    outcome.kind === 'reused' || outcome.stale === undefined
      ? undefined
      : { ...outcome.stale, task: spec.id, why: 'earlier-load' };
  for (const other of upstream)
    oldest = olderOf(oldest, entryAt(state.tasks, other).stale ?? leftByFailure(state, other));
  return staleBeforeOf(state, spec.dependencies).reduce(olderOf, oldest);
}

/** Where a failure is tolerated, what is there is what was loaded before, if anything was. */
function leftByFailure(state: RunState, index: number): Staleness | undefined {
  const task = entryAt(state.tasks, index).state;
  if ((task.kind !== 'failed' && task.kind !== 'timed-out') || task.tolerated !== true) return undefined;
  const since = lastGoodLoad(state, index);
  return since === undefined ? undefined : { since, task: state.plan.tasks[index]!.spec.id, why: 'earlier-load' };
}

/** What earlier runs tell of the tasks among these that are not part of this one, or did not run in it. */
function staleBeforeOf(
  { plan, options: { staleBefore }, tasks }: RunState,
  dependencies: readonly TaskId[],
): readonly (Staleness | undefined)[] {
  if (staleBefore === undefined) return [];
  return dependencies.map((id) => {
    const index = plan.indexOf.get(id);
    return index !== undefined && hasRun(entryAt(tasks, index)) ? undefined : ownValue(staleBefore, id);
  });
}

/** One that is not needed may have run before, in this run. */
function hasRun({ state: { kind }, lastGood }: TaskEntry): boolean {
  return kind !== 'skipped' && (kind !== 'not-needed' || lastGood !== undefined);
}

/**
 * A task starts: what has succeeded downstream of it was made of its earlier data, directly or not, and is stale until it
 * runs again. What only sets something up that is taken down at the end has no data.
 */
export function outdateDownstream(state: RunState, index: number): RunState {
  const { id, setup } = state.plan.tasks[index]!.spec;
  if (setup !== undefined) return state;
  return spread(state, index, (entry) => ({ since: loadedAt(entry), task: id, why: 'rerun' }));
}

/** The end of the load that the data of a task comes from that is done. */
function loadedAt({ state, endedAt }: TaskEntry): EpochMs {
  return state.kind === 'reused' ? state.at : endedAt!;
}

/** A task has ended: what has succeeded downstream of it is at least as old as its data. */
export function spreadStaleness(state: RunState, index: number): RunState {
  const { stale } = entryAt(state.tasks, index);
  return stale === undefined ? state : spread(state, index, () => stale);
}

/** Marks what has succeeded downstream, each as old as the oldest of its mark and its upstream. */
function spread(state: RunState, index: number, markOf: (entry: TaskEntry) => Staleness): RunState {
  // Nothing behind a task has run as long as it has never been reset.
  if (entryAt(state.tasks, index).isRerun !== true) return state;
  const reached = reachedFrom(state, index);
  if (![...reached].some((other) => hasData(entryAt(state.tasks, other)))) return state;
  let { tasks } = state;
  for (const other of state.plan.order) {
    const entry = entryAt(tasks, other);
    if (!reached.has(other) || !hasData(entry)) continue;
    const above = state.plan.tasks[other]!.upstream.filter((upstream) => reached.has(upstream));
    const marks = above.map((upstream) => entryAt(tasks, upstream).stale);
    const stale = [...marks, markOf(entry)].reduce(olderOf, entry.stale);
    if (stale !== entry.stale) tasks = withEntry(tasks, other, { ...entry, ...(stale && { stale }) });
  }
  return { ...state, tasks };
}

function hasData({ state: { kind } }: TaskEntry): boolean {
  return kind === 'succeeded' || kind === 'reused';
}

/** Everything downstream of a task. A skipped one passes nothing on. */
function reachedFrom({ plan, tasks }: RunState, index: number): ReadonlySet<number> {
  const passes = (other: number) => entryAt(tasks, other).state.kind !== 'skipped';
  const reached = new Set(plan.tasks[index]!.downstream.filter(passes));
  // Iterating a set also visits the members added meanwhile.
  for (const one of reached) for (const other of plan.tasks[one]!.downstream) if (passes(other)) reached.add(other);
  return reached;
}
