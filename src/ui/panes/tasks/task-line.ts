import { formatCompact, formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { conditionOf, countOrder, taskDisplay, urgency } from '../../../display/states/task-display.ts';
import { type TaskNote, taskNote } from '../../../display/task-note.ts';
import { entryAt, type LevelId, type RunState, type TaskId } from '../../../engine/index.ts';
import { filledBar } from '../../primitives/filled-bar.ts';
import { fitLine, type Line, lineWidth, type StyledText, styled } from '../../primitives/line.ts';
import { firstThatFits, fitText, fitTextRight, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { conditionIcon, conditionStyle } from '../../status/state-icon.ts';
import { taskDurationMs } from '../../status/task-duration.ts';
import { countedAs, doneIn, type Tally, tallyCondition } from '../../status/task-tally.ts';
import { type GroupUsage, type Usage, type UsageTable, usageOfGroup, usageOfTask } from '../../status/task-usage.ts';
import { bytesText, coresText } from '../../status/usage-text.ts';
import { type Style, severityStyles, type Theme } from '../../theme.ts';
import { instanceCount, instanceName } from './list-names.ts';
import { gap, percent, type TaskColumns } from './task-columns.ts';
import type { TaskRow } from './task-rows.ts';

/** What all rows of one frame have in common. */
export type TaskLineContext = {
  readonly state: RunState;
  readonly now: number;
  readonly columns: TaskColumns;
  readonly theme: Theme;
  readonly levels: ReadonlyMap<LevelId, Tally>;
  readonly families: ReadonlyMap<TaskId, Tally>;
  /** Why a task does not start; called for visible tasks only. */
  readonly why?: (index: number) => string | undefined;
  /** What tasks use; absent where nothing was measured. */
  readonly usage?: UsageTable;
};

/** A task's row: tree, glyph, name, note, numbers. */
export function taskLine(
  row: TaskRow & { readonly kind: 'task' },
  gutter: StyledText,
  branch: string,
  context: TaskLineContext,
): Line {
  const { state, now, columns, theme, why, usage } = context;
  const task = state.plan.tasks[row.index]!;
  const entry = entryAt(state.tasks, row.index);
  const condition = conditionOf(entry);
  const note = taskNote(state, row.index, entry, now, why && (() => why(row.index)));
  const progress = condition === 'running' ? entry.report?.progress : undefined;
  const durationMs = taskDurationMs(entry, now);
  // Below the row of its matrix, an instance is told apart by its values alone.
  const full = row.family === undefined ? task.spec.id : instanceName(task.spec.id, row.family);
  const name = shortenMiddle(full, columns.nameEnd - columns.taskIndent, theme.glyphs.ellipsis);
  return [
    gutter,
    styled(branch, 'border'),
    styled(conditionIcon(condition, theme, now), conditionStyle(condition)),
    styled(' '),
    styled(
      fitText(name, Math.max(0, columns.nameEnd - columns.taskIndent), theme.glyphs.ellipsis),
      taskDisplay(condition).emphasis,
    ),
    ...restOfRow(
      note,
      progress,
      {
        usage: usageOfTask(usage, state, row.index),
        rows: entry.report?.rows,
        durationMs,
        style: condition === 'running' ? 'plain' : 'dim',
      },
      context,
    ),
  ];
}

/** A level's row: fold mark, one glyph for all its tasks, name, how many are done, numbers. */
export function levelLine(
  row: TaskRow & { readonly kind: 'level' },
  gutter: StyledText,
  folded: boolean,
  context: TaskLineContext,
): Line {
  const { now, columns, theme } = context;
  const tally = context.levels.get(row.level)!;
  const condition = tallyCondition(tally);
  const room = Math.max(0, columns.nameEnd - columns.levelIndent);
  return [
    gutter,
    styled(folded ? theme.glyphs.folded : theme.glyphs.unfolded, 'dim'),
    styled(' '),
    styled(conditionIcon(condition, theme, now), conditionStyle(condition)),
    styled(' '),
    styled(fitText(shortenMiddle(row.level, room, theme.glyphs.ellipsis), room, theme.glyphs.ellipsis), 'bold'),
    ...restOfRow(levelNote(tally), undefined, numbersOf(tally, context.usage?.levels.get(row.level)), context),
  ];
}

/** The row of a matrix: one glyph for all its instances, fold mark, name, how many there are in which state, numbers. */
export function familyLine(
  row: TaskRow & { readonly kind: 'family' },
  gutter: StyledText,
  branch: string,
  folded: boolean,
  context: TaskLineContext,
): Line {
  const { now, columns, theme } = context;
  const { ellipsis } = theme.glyphs;
  const tally = context.families.get(row.family)!;
  const condition = tallyCondition(tally);
  const count = instanceCount(tally.tasks);
  const room = Math.max(0, columns.nameEnd - columns.taskIndent - 2);
  const name = shortenMiddle(row.family, Math.max(0, room - count.length), ellipsis);
  return [
    gutter,
    styled(branch, 'border'),
    styled(conditionIcon(condition, theme, now), conditionStyle(condition)),
    styled(' '),
    styled(folded ? theme.glyphs.folded : theme.glyphs.unfolded, 'dim'),
    styled(' '),
    styled(name, taskDisplay(condition).emphasis),
    styled(fitText(count, Math.max(0, room - textWidth(name)), ellipsis), 'dim'),
    ...restOfRow(
      familyNote(tally, theme),
      undefined,
      numbersOf(tally, context.usage?.families.get(row.family)),
      context,
    ),
  ];
}

function numbersOf(tally: Tally, group: GroupUsage | undefined): RowNumbers {
  return {
    usage: usageOfGroup(group, tally.count.running + tally.count.stopping > 0),
    rows: tally.rows === 0 ? undefined : tally.rows,
    durationMs: tally.durationMs,
    style: 'dim',
  };
}

/** `✓ 9 ▶ 2 ✗ 1`; where there is little room, what needs attention comes first. */
function familyNote(tally: Tally, theme: Theme): TaskNote {
  const counts = countOrder.flatMap((condition) => {
    const count = countedAs(tally, condition);
    return count > 0 ? [{ condition, text: `${conditionIcon(condition, theme)} ${formatNumber(count)}` }] : [];
  });
  const byUrgency = counts.toSorted((a, b) => urgency[a.condition] - urgency[b.condition]).map(({ text }) => text);
  const shorter = byUrgency.map((_, left) => byUrgency.slice(0, byUrgency.length - left).join(' '));
  const severity = countedAs(tally, 'failed') > 0 ? 'failure' : 'muted';
  return { variants: [counts.map(({ text }) => text).join(' '), ...shorter], severity };
}

const notedConditions = ['failed', 'running', 'retrying', 'not-run'] as const;

function levelNote(tally: Tally): TaskNote {
  const done = `${doneIn(tally)}/${tally.tasks}`;
  const more = notedConditions.flatMap((condition) => {
    const count = countedAs(tally, condition);
    return count > 0 ? [`${count} ${taskDisplay(condition).word}`] : [];
  });
  const variants = more.map((_, kept) => [done, ...more.slice(0, more.length - kept)].join(', '));
  return { variants: [...variants, done], severity: countedAs(tally, 'failed') > 0 ? 'failure' : 'muted' };
}

/** What stands in the columns of a row; absent where the task has nothing of it yet. */
type RowNumbers = {
  readonly usage: Usage | undefined;
  readonly rows: number | undefined;
  readonly durationMs: number | undefined;
  readonly style: Style;
};

/** Everything after the name. A note also uses the columns of numbers before the first that the task has. */
function restOfRow(
  note: TaskNote | undefined,
  progress: number | undefined,
  { usage, rows, durationMs, style }: RowNumbers,
  { columns, theme }: TaskLineContext,
): Line {
  const { ellipsis } = theme.glyphs;
  const used: Style = usage?.isNow === true ? 'plain' : 'dim';
  const cells = [
    { width: columns.cpu, text: usage && coresText(usage.cpu), style: used },
    { width: columns.memory, text: usage && bytesText(usage.memoryBytes), style: used },
    { width: columns.rows, text: rows === undefined ? undefined : formatCompact(rows), style },
    { width: columns.time, text: durationMs === undefined ? undefined : formatDuration(durationMs), style },
  ].filter(({ width }) => width > 0);
  const first = cells.findIndex(({ text }) => text !== undefined);
  const free = cells.slice(0, first === -1 ? cells.length : first).reduce((sum, { width }) => sum + width + gap, 0);
  const room = columns.note + (columns.note === 0 ? 0 : gap) + free + (free > 0 ? columns.blank : 0);
  const text =
    columns.note === 0 ? [] : [styled(' '.repeat(gap)), ...noteTexts(note, progress, room - gap, columns, theme)];
  return [
    ...fitLine(text, room + (free > 0 ? 0 : columns.blank), ellipsis),
    ...(first === -1 ? [] : cells.slice(first)).map((cell) =>
      styled(fitTextRight(cell.text ?? '', cell.width + gap, ellipsis), cell.style),
    ),
  ];
}

function noteTexts(
  note: TaskNote | undefined,
  progress: number | undefined,
  room: number,
  { bar }: TaskColumns,
  theme: Theme,
): Line {
  const { ellipsis } = theme.glyphs;
  const line: StyledText[] = [];
  if (progress !== undefined) {
    if (bar > 0) line.push(styled(filledBar(progress, bar, theme), 'busy'));
    const share = Math.floor(Math.min(1, Math.max(0, progress)) * 100);
    line.push(styled(fitTextRight(`${share}%`, bar > 0 ? percent : percent - 1, ellipsis)));
  }
  const indent = progress === undefined ? 0 : 2;
  const left = room - lineWidth(line) - indent;
  if (note !== undefined && left >= (progress === undefined ? 1 : minMessage)) {
    line.push(
      styled(' '.repeat(indent)),
      styled(firstThatFits(note.variants, left, ellipsis), severityStyles[note.severity]),
    );
  }
  return fitLine(line, room, ellipsis);
}

/** Beside a bar, a message needs at least so many columns. */
const minMessage = 8;
