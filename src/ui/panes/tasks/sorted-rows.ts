import { conditionOf, urgency } from '../../../display/states/task-display.ts';
import { awayBetween, entryAt, type RunState, type TaskId } from '../../../engine/index.ts';
import { type UsageTable, usageOfTask } from '../../status/task-usage.ts';
import type { TaskOrder } from './task-order.ts';

export type SortedView = {
  readonly order: Exclude<TaskOrder, 'file'>;
  readonly now: number;
  /** Of what tasks use; undefined where nothing was measured. */
  readonly usage: UsageTable | undefined;
};

/**
 * The tasks at `indices`, sorted: the most urgent, the longest, or those that use most first, of which those that run come
 * before those that have ended; equal ones in the order of the file.
 */
export function sortTasks(indices: readonly number[], state: RunState, view: SortedView): readonly number[] {
  return sortBy(indices.length, (at) => sortKey(state, indices[at]!, view)).map((at) => indices[at]!);
}

/** What a list in such an order consists of: tasks, and the instances of a task with a matrix as one. */
export type SortedUnit =
  | { readonly kind: 'task'; readonly index: number }
  | { readonly kind: 'family'; readonly family: TaskId; readonly tasks: readonly number[] };

/** The units, sorted like tasks; the instances of a matrix count by what stands in their row. */
export function sortUnits<Unit extends SortedUnit>(
  units: readonly Unit[],
  state: RunState,
  view: SortedView,
): readonly Unit[] {
  const keyOf = (unit: Unit) =>
    unit.kind === 'task' ? sortKey(state, unit.index, view) : familyKey(state, unit.family, unit.tasks, view);
  return sortBy(units.length, (at) => keyOf(units[at]!)).map((at) => units[at]!);
}

/**
 * The numbers from 0 to before `count` by their keys, small ones first. Key and number are packed into one number, because
 * typed arrays of numbers sort without a comparison function: ten thousand tasks are sorted many times a second.
 */
function sortBy(count: number, keyOf: (at: number) => number): readonly number[] {
  const keys = new Float64Array(count);
  for (let at = 0; at < count; at += 1) keys[at] = keyOf(at) * count + at;
  keys.sort();
  const sorted = new Array<number>(count);
  for (let at = 0; at < count; at += 1) sorted[at] = keys[at]! % count;
  return sorted;
}

/** A whole number: the smallest comes first. */
function sortKey(state: RunState, index: number, { order, now, usage }: SortedView): number {
  const entry = entryAt(state.tasks, index);
  switch (order) {
    case 'state':
      return urgency[conditionOf(entry)];
    case 'duration':
      return entry.startedAt === undefined ? last : descending((entry.endedAt ?? now) - entry.startedAt);
    case 'cpu':
    case 'memory': {
      const used = usageOfTask(usage, state, index);
      return used === undefined ? last : usageKey(used, order);
    }
  }
}

function familyKey(state: RunState, family: TaskId, tasks: readonly number[], view: SortedView): number {
  const { order, now, usage } = view;
  if (order === 'state') return tasks.reduce((least, index) => Math.min(least, sortKey(state, index, view)), last);
  const together = { isRunning: false, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  for (const index of tasks) {
    const { startedAt, endedAt, state: task } = entryAt(state.tasks, index);
    if (startedAt === undefined) continue;
    together.isRunning ||= task.kind === 'running';
    together.from = Math.min(together.from, startedAt);
    together.to = Math.max(together.to, endedAt ?? now);
  }
  if (order === 'duration') {
    const { from, to } = together;
    return to < from ? last : descending(to - from - awayBetween(state.away, from, to));
  }
  const group = usage?.families.get(family);
  const used = together.isRunning ? group?.now : group?.peak;
  return used === undefined ? last : usageKey({ ...used, isNow: together.isRunning }, order);
}

function usageKey(
  used: { readonly cpu: number; readonly memoryBytes: number; readonly isNow: boolean },
  order: 'cpu' | 'memory',
): number {
  // Finer than what is shown, so that the order never contradicts it.
  const key = descending(order === 'cpu' ? used.cpu * 100_000 : used.memoryBytes / 1024);
  return used.isNow ? key : largest + 1 + key;
}

function descending(value: number): number {
  return largest - Math.min(largest, Math.max(0, Math.round(value)));
}

/** 11 days in milliseconds, ten thousand cores, or a terabyte; beyond it nothing is told apart, so that key times count stays an exact integer. */
const largest = 1e9;
/** Of what has no value. */
const last = 2 * largest + 2;
