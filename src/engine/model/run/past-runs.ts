import type { TaskId } from '../ids.ts';
import { familyOf } from '../pipeline/matrix.ts';

/** What earlier runs tell of a task. Absent = not measured. */
export type PastTask = {
  /** Of its last successful attempts, in ascending order; at least one. */
  readonly durationsMs: readonly number[];
  readonly medianMs: number;
  /** Busy cores while it ran, on average. */
  readonly cpu?: number;
  /** The most that it used. */
  readonly memoryBytes?: number;
  readonly connections?: number;
};

/** What the last runs of a pipeline tell of its parts; a part of which nothing is known is missing. */
export type PastRuns = {
  /** How many runs that is. */
  readonly runs: number;
  /** What all instances of one task tell together stands under the name of that task. */
  readonly tasks: ReadonlyMap<TaskId, PastTask>;
  readonly checksMs: ReadonlyMap<string, number>;
  /** How many connections the tasks of the last run could hold together; absent when there was no limit. */
  readonly connectionBudget?: number;
};

/** The usual duration of each task, in ms. */
export function mediansOf({ tasks }: PastRuns): ReadonlyMap<TaskId, number> {
  return new Map([...tasks].map(([task, { medianMs }]) => [task, medianMs]));
}

/** What is known of a task, or else of all instances of the task of which it is one. */
export function ofTaskOrFamily<Value>(known: ReadonlyMap<TaskId, Value>, id: TaskId): Value | undefined {
  const own = known.get(id);
  if (own !== undefined) return own;
  const family = familyOf(id);
  return family === undefined ? undefined : known.get(family);
}
