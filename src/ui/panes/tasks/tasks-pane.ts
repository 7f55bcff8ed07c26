import { formatNumber } from '../../../display/format/format-count.ts';
import { explainWait, type RunState } from '../../../engine/index.ts';
import { filledBar } from '../../primitives/filled-bar.ts';
import { type Line, type StyledText, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { runProgress } from '../../status/run-progress.ts';
import { tallyRun } from '../../status/task-tally.ts';
import type { UsageTable } from '../../status/task-usage.ts';
import type { Style, Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { listKeys } from './list-keys.ts';
import { moveSelection, selectRow } from './selection.ts';
import { gap, type TaskColumns, taskColumns } from './task-columns.ts';
import { taskKeys } from './task-keys.ts';
import { familyLine, levelLine, type TaskLineContext, taskLine } from './task-line.ts';
import { orderWords, type TaskOrder } from './task-order.ts';
import { countTasks, isFolded, isTree, type TaskListView, type TaskRow } from './task-rows.ts';

export type TasksPaneView = {
  readonly state: RunState;
  readonly now: number;
  readonly list: TaskListView;
  /** All rows, from `taskRows`. */
  readonly rows: readonly TaskRow[];
  /** The first row on the screen, and the selected one. */
  readonly top: number;
  readonly selected: number;
  /** Indices of the tasks that the user marked. */
  readonly marked: ReadonlySet<number>;
  /** How far the run is, 0 to 1; absent when it is over or has not begun. */
  readonly progress?: number;
  /** Why a task does not start; called for visible tasks only. */
  readonly why?: (index: number) => string | undefined;
  /** What tasks use; absent where nothing was measured. */
  readonly usage?: UsageTable;
};

export const tasks: PaneContent = {
  rows: ({ screen, state, now, rows, history, usage }, shape, theme) => {
    const { list, listTop: top, selectedRow: selected, marked } = screen;
    const why = (index: number) => explainWait(state, index, now);
    const isUnderWay = state.phase.kind === 'running' || state.phase.kind === 'draining';
    const progress = isUnderWay ? { progress: runProgress(state, history.usualMs, now) } : {};
    const measured = usage === undefined ? {} : { usage };
    return tasksPane({ state, now, list, rows, top, selected, marked, why, ...progress, ...measured }, shape, theme);
  },
  keys: [...taskKeys, ...listKeys],
  move: ({ screen, rows }, by) => ({ screen: moveSelection(screen, rows, by) }),
  click: ({ screen, rows }, row) => {
    const clicked = screen.listTop + row;
    return { screen: row < 0 || clicked >= rows.length ? screen : selectRow(screen, rows, clicked) };
  },
};

/** The list of tasks. Formats only the visible rows, so that its cost does not grow with the pipeline. */
export function tasksPane(view: TasksPaneView, shape: PaneShape, theme: Theme): readonly string[] {
  const { state, list, rows, top, selected, usage } = view;
  const size = bodySize(shape);
  const tree = isTree(list, state.plan);
  const columns = taskColumns(state.plan, size.width, { tree, hasUsage: usage !== undefined, order: list.order });
  const { levels, families } = tallyRun(state, view.now);
  const context: TaskLineContext = {
    state,
    now: view.now,
    columns,
    theme,
    levels,
    families,
    ...(view.why === undefined ? {} : { why: view.why }),
    ...(usage === undefined ? {} : { usage }),
  };
  const first = Math.max(0, top);
  const last = Math.min(rows.length, first + size.height);
  const body: Line[] = [];
  for (let index = first; index < last; index += 1) {
    const row = rows[index]!;
    const gutter = gutterOf(row, index === selected, view.marked, theme);
    if (row.kind === 'level') body.push(levelLine(row, gutter, isFolded(row, list), context));
    else {
      const branch = branchOf(row, rows[index + 1], tree, theme);
      if (row.kind === 'family') body.push(familyLine(row, gutter, branch, isFolded(row, list), context));
      else body.push(taskLine(row, gutter, branch, context));
    }
  }
  if (rows.length === 0) body.push([], [styled(formatEmpty(state, list), 'dim')]);
  return paneRows(
    {
      title: 'Tasks',
      subject: [...subjectOf(view), ...progressOf(view.progress, theme)],
      labels: labelsOf(columns, list.order, theme),
      bottomLeft: modesOf(list, theme),
      bottomRight: positionOf(rows.length, first, last, selected, theme),
      ...(selected >= first && selected < last ? { selected: selected - first } : {}),
    },
    body,
    shape,
    theme,
  );
}

function gutterOf(row: TaskRow, selected: boolean, marked: ReadonlySet<number>, { glyphs }: Theme): StyledText {
  if (row.kind === 'task' && marked.has(row.index)) return styled(glyphs.mark, 'marked');
  return selected ? styled(glyphs.pointer) : styled(' ');
}

function branchOf(
  row: Exclude<TaskRow, { readonly kind: 'level' }>,
  next: TaskRow | undefined,
  tree: boolean,
  theme: Theme,
): string {
  if (!tree) return '';
  if (row.level === undefined) return '   ';
  const { branch, lastBranch, box } = theme.glyphs;
  const more = next !== undefined && next.kind !== 'level' && next.level === row.level;
  return `${more ? branch : lastBranch}${box.flat} `;
}

function subjectOf({ state, list, rows }: TasksPaneView): Line {
  const all = state.plan.tasks.length;
  const isWhole = list.filter === '' && !list.hideDone;
  const count = `${isWhole ? '' : `${formatNumber(countTasks(rows, list))} of `}${formatNumber(all)}`;
  return [styled(count, 'dim'), styled(list.order === 'file' ? '' : ` ${orderWords[list.order]}`, 'warn')];
}

/** `████▌░░░░░ 45%`. */
function progressOf(progress: number | undefined, theme: Theme): Line {
  if (progress === undefined) return [];
  const percent = `${Math.floor(progress * 100)}%`;
  return [
    styled('  '),
    styled(filledBar(progress, progressColumns, theme, theme.glyphs.pause), 'busy'),
    styled(` ${percent}`),
  ];
}

const progressColumns = 10;

/** The headings of the numbers; that of the order has a mark. */
function labelsOf(
  { cpu, memory, rows, time, width }: TaskColumns,
  order: TaskOrder,
  { glyphs }: Theme,
): readonly { readonly at: number; readonly text: string; readonly style?: Style }[] {
  const columns = [
    { columns: time, text: 'time', isSorted: order === 'duration' },
    { columns: rows, text: 'rows', isSorted: false },
    { columns: memory, text: 'mem', isSorted: order === 'memory' },
    { columns: cpu, text: 'cpu', isSorted: order === 'cpu' },
  ];
  let end = width - 1;
  return columns.flatMap(({ columns: own, text, isSorted }) => {
    if (own === 0) return [];
    const label = isSorted ? `${glyphs.sorted}${text}` : text;
    const at = end - label.length;
    end -= own + gap;
    return [{ at, text: label, ...(isSorted ? { style: 'warnBold' as const } : {}) }];
  });
}

function modesOf({ filter, hideDone }: TaskListView, { glyphs }: Theme): Line {
  const modes = [...(filter === '' ? [] : [`/${filter}`]), ...(hideDone ? ['without done'] : [])];
  return modes.length === 0 ? [] : [styled(modes.join(` ${glyphs.box.flat} `), 'warn')];
}

function positionOf(rows: number, first: number, last: number, selected: number, { glyphs }: Theme): Line {
  if (rows === 0) return [];
  const above = first > 0 ? ` ${glyphs.up}${first}` : '';
  const below = last < rows ? ` ${glyphs.down}${rows - last}` : '';
  return [styled(`${Math.min(rows, Math.max(0, selected) + 1)}/${rows}${above}${below}`, 'dim')];
}

function formatEmpty({ plan }: RunState, { filter, hideDone }: TaskListView): string {
  if (plan.tasks.length === 0) return ' no tasks in this run';
  return filter === '' && hideDone ? ' all tasks are finished' : ` no task matches ${filter}`;
}
