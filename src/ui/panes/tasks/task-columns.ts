import type { Plan } from '../../../engine/index.ts';
import { listNameColumns } from './list-names.ts';
import type { TaskOrder } from './task-order.ts';

/** The columns of the list of tasks, counted inside the borders; a width of 0 = the column was left out. */
export type TaskColumns = {
  readonly width: number;
  /** Columns before the name of a level, and of a task. */
  readonly levelIndent: number;
  readonly taskIndent: number;
  /** The column where names end. */
  readonly nameEnd: number;
  /** Between name and numbers: progress, attempt, cause of a failure, reason to wait. */
  readonly note: number;
  readonly bar: number;
  /** Before the numbers, where the next column does not fit yet. */
  readonly blank: number;
  readonly cpu: number;
  readonly memory: number;
  readonly rows: number;
  readonly time: number;
};

/** What else decides which columns there are. */
export type ColumnNeeds = {
  /** By level: names are below those of their levels. */
  readonly tree: boolean;
  /** Whether anything is known of what tasks use. */
  readonly hasUsage: boolean;
  /** The column by which the list is sorted goes before all others. */
  readonly order: TaskOrder;
};

/**
 * Divides `width` columns: names get as much as the longest needs, numbers are at the right edge, notes take the rest. In a
 * narrow pane CPU and memory are left out first, then the bar, rows, notes and duration; names are shortened last. A wider
 * pane never has less room for names or notes: a column comes when it fits beside them, not in their place.
 */
export function taskColumns(plan: Plan, width: number, { tree, hasUsage, order }: ColumnNeeds): TaskColumns {
  const [levelIndent, taskIndent] = indentsOf(tree);
  const wanted = Math.min(
    taskIndent + listNameColumns(plan, tree),
    Math.max(minNameEnd, Math.floor(width * nameShare)),
  );
  let room = width - margin - wanted;
  const take = (columns: number): number => {
    if (room < columns + gap) return 0;
    room -= columns + gap;
    return columns;
  };
  const first = { cpu: hasUsage && order === 'cpu', memory: hasUsage && order === 'memory' };
  const sorted = { cpu: first.cpu ? take(cpuWidth) : 0, memory: first.memory ? take(memoryWidth) : 0 };
  const time = take(numberWidth);
  if (room < minNote + gap) {
    const nameEnd = Math.max(0, Math.min(width - margin, wanted + room));
    return { width, levelIndent, taskIndent, nameEnd, note: 0, bar: 0, blank: 0, ...sorted, rows: 0, time };
  }
  let note = take(Math.min(room - gap, minBar));
  const grow = (most: number) => {
    const more = Math.max(0, Math.min(room, most - note));
    note += more;
    room -= more;
  };
  const rows = note >= minBar ? take(numberWidth) : 0;
  if (rows > 0) grow(usualNote);
  const usage = { ...sorted };
  const isWhole = note >= usualNote && room >= usageWidth(sorted);
  if (hasUsage && isWhole) {
    if (!first.cpu) usage.cpu = take(cpuWidth);
    if (!first.memory) usage.memory = take(memoryWidth);
  }
  const isAllShown = rows > 0 && (!hasUsage || isWhole);
  if (isAllShown) grow(Number.POSITIVE_INFINITY);
  const bar = note >= minBar ? Math.min(maxBar, note - percent) : 0;
  return { width, levelIndent, taskIndent, nameEnd: wanted, note, bar, blank: room, ...usage, rows, time };
}

/** How many columns the list can use, with the borders of its pane: the longest name, a long note and all numbers. */
export function neededColumns(plan: Plan, tree: boolean): number {
  const [, taskIndent] = indentsOf(tree);
  const numbers = 2 * (numberWidth + gap) + usageWidth({ cpu: 0, memory: 0 });
  return taskIndent + listNameColumns(plan, tree) + gap + longNote + numbers + margin + 2;
}

/** Columns before the content, which is aligned to the right. */
export const gap = 1;

/** ` 54%` after the bar. */
export const percent = 5;

const margin = 1;
const minNote = 4;
const minBar = 9;
const maxBar = 12;
/** Enough for most reasons, before CPU and memory are shown. */
const usualNote = 40;
/** Enough for a bar with a message. */
const longNote = 52;
const numberWidth = 6;
/** `12.5`, and the heading with its mark. */
const cpuWidth = 5;
/** `12.5G`. */
const memoryWidth = 5;
/** Where even the longest name would leave nothing for notes. */
const minNameEnd = 24;
const nameShare = 0.52;

function indentsOf(tree: boolean): readonly [level: number, task: number] {
  return tree ? [5, 6] : [3, 3];
}

/** What CPU and memory take, as far as they have no place yet. */
function usageWidth({ cpu, memory }: { readonly cpu: number; readonly memory: number }): number {
  return (cpu > 0 ? 0 : cpuWidth + gap) + (memory > 0 ? 0 : memoryWidth + gap);
}
