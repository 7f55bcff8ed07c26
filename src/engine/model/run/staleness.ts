import type { EpochMs, TaskId } from '../ids.ts';

/** Why the data of a done task is not up to date. */
export type Staleness = {
  /** When the load ended that its data comes from. */
  readonly since: EpochMs;
  /** The task that made it stale, which may be the task itself. */
  readonly task: TaskId;
  /** `earlier-load`: that task went on with the data of an earlier load. `rerun`: it has run again, and this one has not yet. */
  readonly why: 'earlier-load' | 'rerun';
};

/** The last load of a task that went well, in an earlier run. */
export type LastGood = {
  /** When the data was up to date: the end of that load, or since when it was stale itself. */
  readonly at: EpochMs;
  /** No run with the parameters of this one has loaded it well. */
  readonly otherParams?: true;
};

/** The one with the older data; the first when both are as old. */
export function olderOf(one: Staleness | undefined, other: Staleness | undefined): Staleness | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.since < one.since ? other : one;
}
