import { conditionOf, conditions, urgency } from '../../../display/states/task-display.ts';
import { entryAt, type RunState, type TaskId } from '../../../engine/index.ts';
import { type Tally, tallyRun } from '../../status/task-tally.ts';
import { type Usage, type UsageTable, usageOfGroup, usageOfTask } from '../../status/task-usage.ts';
import type { TaskOrder } from './task-order.ts';

export type SortedView = {
  readonly order: Exclude<TaskOrder, 'file'>;
  readonly now: number;
  /** Of what tasks use; undefined where nothing was measured. */
  readonly usage: UsageTable | undefined;
};

/** What a list in such an order consists of: tasks, and the instances of a task with a matrix as one. */
export type SortedUnit =
  | { readonly kind: 'task'; readonly index: number }
  | { readonly kind: 'family'; readonly family: TaskId };

/**
 * Units sorted: the most urgent, the longest, or those that use most first, of which those that run come before those that
 * have ended; equal ones as they were. The instances of a matrix count by what stands in their row.
 */
export function sortUnits<Unit extends SortedUnit>(
  units: readonly Unit[],
  state: RunState,
  view: SortedView,
): readonly Unit[] {
  const { families } = tallyRun(state, view.now);
  const count = units.length;
  // Key and place are packed into one number, because typed arrays of numbers sort without a comparison function: ten thousand
  // tasks are sorted many times a second.
  const keys = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const unit = units[at]!;
    const key =
      unit.kind === 'task'
        ? taskKey(state, unit.index, view)
        : familyKey(unit.family, families.get(unit.family)!, view);
    keys[at] = key * count + at;
  }
  keys.sort();
  const sorted = new Array<Unit>(count);
  for (let at = 0; at < count; at += 1) {
    const key = keys[at]!;
    // The remainder; the operator takes several times as long for numbers of this size.
    sorted[at] = units[key - Math.floor(key / count) * count]!;
  }
  return sorted;
}

/** A whole number: the smallest comes first. */
function taskKey(state: RunState, index: number, { order, now, usage }: SortedView): number {
  switch (order) {
    case 'state':
      return urgency[conditionOf(entryAt(state.tasks, index))];
    case 'duration': {
      const { startedAt, endedAt = now } = entryAt(state.tasks, index);
      return startedAt === undefined ? last : descending(endedAt - startedAt);
    }
    case 'cpu':
    case 'memory':
      return usageKey(usageOfTask(usage, state, index), order);
  }
}

function familyKey(family: TaskId, { count, durationMs }: Tally, { order, usage }: SortedView): number {
  switch (order) {
    case 'state':
      return conditions.findIndex((condition) => count[condition] > 0);
    case 'duration':
      return durationMs === undefined ? last : descending(durationMs);
    case 'cpu':
    case 'memory':
      return usageKey(usageOfGroup(usage?.families.get(family), count.running + count.stopping > 0), order);
  }
}

function usageKey(used: Usage | undefined, order: 'cpu' | 'memory'): number {
  if (used === undefined) return last;
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
