import { conditionOf, taskDisplay } from '../../../display/states/task-display.ts';
import { entryAt, type LevelId, type Plan, type RunState, type TaskId } from '../../../engine/index.ts';
import type { UsageTable } from '../../status/task-usage.ts';
import { type SortedView, sortUnits } from './sorted-rows.ts';
import { compileFilter } from './task-filter.ts';
import type { TaskOrder } from './task-order.ts';

/** What the list of tasks shows, and in which order. */
export type TaskListView = {
  readonly folded: ReadonlySet<LevelId>;
  /** The tasks with a matrix whose instances are shown one by one; the others have one row. */
  readonly unfolded: ReadonlySet<TaskId>;
  /** As typed: terms that must all match, see `compileFilter`. '' = all tasks. */
  readonly filter: string;
  readonly order: TaskOrder;
  /** Leaves out tasks that succeeded or were skipped. */
  readonly hideDone: boolean;
};

/**
 * A row of the list: a level, the instances of a task with a matrix together, or a task. The last two have a level or family
 * only where they are drawn below it.
 */
export type TaskRow =
  | { readonly kind: 'level'; readonly level: LevelId; readonly tasks: readonly number[] }
  | {
      readonly kind: 'family';
      readonly family: TaskId;
      readonly tasks: readonly number[];
      readonly level?: LevelId;
    }
  | { readonly kind: 'task'; readonly index: number; readonly level?: LevelId; readonly family?: TaskId };

/**
 * All rows of the list, visible or not. Formats nothing, so that it is cheap for ten thousand tasks.
 * @param usage what tasks use, for the orders by CPU and memory
 */
export function taskRows(state: RunState, view: TaskListView, now: number, usage?: UsageTable): readonly TaskRow[] {
  const parts = partsOf(state.plan);
  const shown = showsTask(state, view, parts.names);
  if (view.order !== 'file') return sortedRows(state, parts, view, shown, { order: view.order, now, usage });
  if (shown !== undefined) return treeRows(parts, view, shown);
  // Without a filter the tree depends on nothing but the view.
  const known = parts.trees.get(view);
  if (known !== undefined) return known;
  const rows = treeRows(parts, view, () => true);
  parts.trees.set(view, rows);
  return rows;
}

/** Whether tasks are drawn below their levels. */
export function isTree({ order }: TaskListView, { levels }: Plan): boolean {
  return order === 'file' && levels.size > 0;
}

/** How many rows there are with every level unfolded, and without a filter. */
export function wholeListRows({ order, unfolded }: TaskListView, { tasks, levels, families }: Plan): number {
  let rows = tasks.length + (order === 'file' ? levels.size : 0);
  for (const [family, { length }] of families) if (length > 1) rows += unfolded.has(family) ? 1 : 1 - length;
  return rows;
}

/** How many tasks (not levels) are among `rows`, folded ones included. */
export function countTasks(rows: readonly TaskRow[], view: TaskListView): number {
  let count = 0;
  for (const row of rows) {
    if (row.kind === 'task') count += 1;
    else if (isFolded(row, view)) count += row.tasks.length;
  }
  return count;
}

/** A filter also searches folded levels and instances, and unfolds them to show what it finds. */
export function isFolded(row: Exclude<TaskRow, { readonly kind: 'task' }>, view: TaskListView): boolean {
  if (view.filter !== '') return false;
  return row.kind === 'level' ? view.folded.has(row.level) : !view.unfolded.has(row.family);
}

type Shown = (index: number) => boolean;

/** undefined = all are shown. */
function showsTask(state: RunState, { filter, hideDone }: TaskListView, names: readonly string[]): Shown | undefined {
  const matches = compileFilter(filter);
  if (matches === undefined && !hideDone) return undefined;
  return (index) => {
    const condition = conditionOf(entryAt(state.tasks, index));
    if (hideDone && taskDisplay(condition).isDone === true) return false;
    return matches === undefined || matches(names[index]!, condition);
  };
}

function treeRows(parts: Parts, view: TaskListView, shown: Shown): readonly TaskRow[] {
  const rows: TaskRow[] = [];
  for (const level of parts.levels) {
    const tasks = level.tasks.filter(shown);
    if (tasks.length === 0) continue;
    // The row of a level counts all its tasks, also those that the filter leaves out.
    rows.push(level);
    if (isFolded(level, view)) continue;
    pushTasks(rows, tasks, parts, view);
  }
  pushTasks(rows, parts.loose.filter(shown), parts, view);
  return rows;
}

/** The instances of one task follow each other. */
function pushTasks(rows: TaskRow[], tasks: readonly number[], parts: Parts, view: TaskListView): void {
  let last: FamilyRow | undefined;
  let isHidden = false;
  for (const index of tasks) {
    const family = parts.families.get(index);
    if (family !== undefined && family !== last) {
      rows.push(family);
      isHidden = isFolded(family, view);
    }
    last = family;
    if (family === undefined || !isHidden) rows.push(parts.branches[index]!);
  }
}

type FamilyRow = Extract<TaskRow, { readonly kind: 'family' }>;

/** Without levels; the instances of a matrix stay together, sorted among themselves. */
function sortedRows(
  state: RunState,
  parts: Parts,
  list: TaskListView,
  shown: Shown | undefined,
  view: SortedView,
): readonly TaskRow[] {
  const units = shown === undefined ? parts.units : parts.units.filter((unit) => isShown(unit, shown));
  const rows: TaskRow[] = [];
  for (const unit of sortUnits(units, state, view)) {
    rows.push(unit);
    if (unit.kind === 'task' || isFolded(unit, list)) continue;
    const tasks = shown === undefined ? unit.tasks : unit.tasks.filter(shown);
    const instances = tasks.map((index) => parts.flat[index]!);
    for (const row of sortUnits(instances, state, view)) rows.push(row);
  }
  return rows;
}

function isShown(unit: FlatRow, shown: Shown): boolean {
  return unit.kind === 'task' ? shown(unit.index) : unit.tasks.some(shown);
}

/** A row in the orders without levels. */
type FlatRow = Exclude<TaskRow, { readonly kind: 'level' }>;

/** The rows of a plan, independent of its state. */
type Parts = {
  readonly names: readonly string[];
  readonly levels: readonly (TaskRow & { readonly kind: 'level' })[];
  readonly branches: readonly TaskRow[];
  /** By task index, the row of all instances of its task; absent for one that is alone. */
  readonly families: ReadonlyMap<number, FamilyRow>;
  /** Of the orders without levels: by task index, and what these orders sort. */
  readonly flat: readonly FlatRow[];
  readonly units: readonly FlatRow[];
  /** Tasks without a level. */
  readonly loose: readonly number[];
  readonly trees: WeakMap<TaskListView, readonly TaskRow[]>;
};

const partsByPlan = new WeakMap<Plan, Parts>();

function partsOf(plan: Plan): Parts {
  const known = partsByPlan.get(plan);
  if (known !== undefined) return known;
  const families = familyRows(plan);
  const flat = plan.tasks.map(({ index }): FlatRow & { kind: 'task' } => {
    const family = families.get(index)?.family;
    return { kind: 'task', index, ...(family === undefined ? {} : { family }) };
  });
  const parts: Parts = {
    names: plan.tasks.map(({ spec }) => spec.id.toLowerCase()),
    levels: [...plan.levels].map(([level, tasks]) => ({ kind: 'level', level, tasks })),
    branches: plan.tasks.map(({ index, spec: { level } }) => ({
      kind: 'task',
      index,
      ...(level === undefined ? {} : { level }),
      ...(families.has(index) ? { family: families.get(index)!.family } : {}),
    })),
    families,
    flat,
    units: flat.flatMap((row): readonly FlatRow[] => {
      const family = families.get(row.index);
      if (family === undefined) return [row];
      const { level: _, ...bare } = family;
      return family.tasks[0] === row.index ? [bare] : [];
    }),
    loose: plan.tasks.filter(({ spec }) => spec.level === undefined).map(({ index }) => index),
    trees: new WeakMap(),
  };
  partsByPlan.set(plan, parts);
  return parts;
}

function familyRows(plan: Plan): ReadonlyMap<number, FamilyRow> {
  const rows = new Map<number, FamilyRow>();
  for (const [family, tasks] of plan.families) {
    const [first] = tasks;
    if (first === undefined || tasks.length === 1) continue;
    const { level } = plan.tasks[first]!.spec;
    const row: FamilyRow = { kind: 'family', family, tasks, ...(level === undefined ? {} : { level }) };
    for (const index of tasks) rows.set(index, row);
  }
  return rows;
}
