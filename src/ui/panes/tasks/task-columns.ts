import type { Plan } from '../../../engine/index.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { longestName } from '../../status/longest-name.ts';

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
  readonly rows: number;
  readonly time: number;
};

/**
 * Divides `width` columns: names get as much as the longest needs, numbers are at the right edge, notes take the rest.
 * In a narrow pane the bar is left out first, then rows, notes and duration; names are shortened last.
 */
export function taskColumns(plan: Plan, width: number, tree: boolean): TaskColumns {
  const levelIndent = tree ? 5 : 3;
  const taskIndent = tree ? 6 : 3;
  let longest = longestName(plan);
  // A level's name begins one column further left.
  if (tree) for (const level of plan.levels.keys()) longest = Math.max(longest, textWidth(level) - 1);
  const wanted = Math.min(taskIndent + longest, Math.max(24, Math.floor(width * 0.52)));
  for (const { note, rows, time } of arrangements) {
    const room = width - margin - numbersWidth(rows, time) - wanted;
    if (room < (note === 0 ? 0 : note + gap)) continue;
    const noteWidth = note === 0 ? 0 : room - gap;
    const bar = note >= minBar ? Math.min(maxBar, noteWidth - percent) : 0;
    const nameEnd = note === 0 ? wanted + room : wanted;
    return { width, levelIndent, taskIndent, nameEnd, note: noteWidth, bar, rows, time };
  }
  const nameEnd = Math.max(0, width - margin);
  return { width, levelIndent, taskIndent, nameEnd, note: 0, bar: 0, rows: 0, time: 0 };
}

/** Columns before the content, which is aligned to the right. */
export const gap = 1;

/** ` 54%` after the bar. */
export const percent = 5;

const margin = 1;
const minBar = 9;
const maxBar = 12;
const numberWidth = 6;

const arrangements = [
  { note: minBar, rows: numberWidth, time: numberWidth },
  { note: 4, rows: numberWidth, time: numberWidth },
  { note: 4, rows: 0, time: numberWidth },
  { note: 0, rows: 0, time: numberWidth },
];

function numbersWidth(rows: number, time: number): number {
  return (rows === 0 ? 0 : rows + gap) + (time === 0 ? 0 : time + gap);
}
