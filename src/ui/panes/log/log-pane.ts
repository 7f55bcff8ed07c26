import { formatCount, formatNumber } from '../../../display/format/format-count.ts';
import { entryAt, isOutcome, type TaskEntry } from '../../../engine/index.ts';
import { fitLine, type Line, lineWidth, sliceCharacters, sliceLine, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { wrapText } from '../../primitives/text/wrap-text.ts';
import { bodyHeight, type ScreenView } from '../../store/screen-view.ts';
import type { Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { findMatches, highlight } from './highlight.ts';
import { linePrefix } from './line-prefix.ts';
import { logKeys } from './log-keys.ts';
import { markedLines, moveMark, scrollLog, scrollLogTo } from './log-position.ts';
import type { ShownLine } from './shown-line.ts';

export type LogSearch = {
  readonly text: string;
  /** The current match, from 1; 0 = none yet. */
  readonly current: number;
  readonly total: number;
  /** The line of the window that holds the current match. */
  readonly line?: number;
};

export type LogPaneView = {
  /** The task; undefined while none is selected. */
  readonly task?: string;
  /** Columns for the names of tasks, when the output of all is shown. */
  readonly names?: number;
  readonly attempt?: number;
  /** What may still come: output of an attempt that runs or will; none of one that is over, or of a task that did not run. */
  readonly output?: 'none-yet' | 'none' | 'not-run';
  /** The lines of the window, safe for the terminal, about as many as the pane has rows. */
  readonly lines: readonly ShownLine[];
  /** Lines of the log; with `errorsOnly`, error lines only. */
  readonly total: number;
  /** A following pane shows the end of the window, a paused one its beginning. */
  readonly following: boolean;
  /** Lines added while it was paused. */
  readonly fresh: number;
  readonly wrap: boolean;
  readonly errorsOnly: boolean;
  /** See `LogPosition`. */
  readonly stamps: boolean;
  /** Columns scrolled out of view at the left; not with `wrap`. */
  readonly offset: number;
  readonly search?: LogSearch;
  /** The marked lines of the window: first and last. */
  readonly marked?: readonly [number, number];
};

export const log: PaneContent = {
  rows: (frame, shape, theme) => logPane(logViewOf(frame), shape, theme),
  keys: logKeys,
  move: (view, by) => {
    const { screen, log: shown } = view;
    const height = bodyHeight(view, 'log');
    if (screen.log.mark !== undefined) return { screen: moveMark(screen, shown, height, by) };
    if (Number.isFinite(by)) return { screen: scrollLog(screen, shown, height, by) };
    return { screen: scrollLogTo(screen, shown, height, by > 0 ? shown.total : 0, by > 0) };
  },
};

function logViewOf({ screen, state, log, logTask }: ScreenView): LogPaneView {
  const { following, pausedAt, wrap, errorsOnly, stamps, offset, search } = screen.log;
  const marked = markedLines(screen.log);
  const entry = logTask === undefined ? undefined : entryAt(state.tasks, state.plan.indexOf.get(logTask)!);
  const latest = entry?.attempts ?? 0;
  const attempt = Math.max(1, log.attempt || latest);
  return {
    ...(logTask === undefined ? {} : { task: logTask }),
    attempt,
    ...(entry === undefined ? {} : { output: outputOf(entry, attempt) }),
    lines: log.lines,
    total: log.total,
    following,
    fresh: following ? 0 : Math.max(0, log.total - pausedAt),
    wrap,
    errorsOnly,
    stamps,
    offset,
    ...(search === undefined ? {} : { search: searchView(search, log) }),
    ...(screen.log.all ? { names: nameColumns(state) } : {}),
    ...(marked === undefined ? {} : { marked: [marked[0] - log.first, marked[1] - log.first] as const }),
  };
}

function outputOf({ state, attempts }: TaskEntry, attempt: number): NonNullable<LogPaneView['output']> {
  if (attempt < attempts) return 'none';
  if (!isOutcome(state)) return 'none-yet';
  return attempts === 0 ? 'not-run' : 'none';
}

function searchView(
  { text, current }: NonNullable<ScreenView['screen']['log']['search']>,
  { matches, first }: ScreenView['log'],
): NonNullable<LogPaneView['search']> {
  const line = matches[current - 1];
  return { text, current, total: matches.length, ...(line === undefined ? {} : { line: line - first }) };
}

/** The output of a task. */
export function logPane(view: LogPaneView, shape: PaneShape, theme: Theme): readonly string[] {
  const { task, lines, attempt = 1, following, search } = view;
  const size = bodySize(shape);
  // A zoomed pane has no margin, so that its lines can be copied.
  const margin = shape.zoomed ? '' : ' ';
  const room = Math.max(1, size.width - margin.length);
  const rows: Line[] = [];
  // Begins at the end that is shown, so that only visible lines are wrapped.
  for (let count = 0; count < lines.length && rows.length < size.height; count += 1) {
    const index = following ? lines.length - 1 - count : count;
    const wrapped = lineRows(lines[index]!, index, view, room, theme);
    if (following) rows.unshift(...wrapped);
    else rows.push(...wrapped);
  }
  const body = following ? rows.slice(-size.height) : rows.slice(0, size.height);
  if (lines.length === 0) body.push([styled(formatEmpty(view), 'dim')]);
  return paneRows(
    {
      title: 'Log',
      subject:
        view.names !== undefined
          ? [styled('all tasks', 'bold')]
          : task === undefined
            ? []
            : [styled(task, 'bold'), ...(attempt > 1 ? [styled(` attempt ${attempt}`, 'dim')] : [])],
      right: [
        ...modeOf(view, theme),
        styled(`${formatNumber(view.total)} ${view.total === 1 ? 'line' : 'lines'}`, 'dim'),
      ],
      bottomLeft: optionsOf(view, theme),
      bottomRight:
        search === undefined ? [] : [styled(`/${search.text} `, 'warn'), styled(formatSearch(search), 'dim')],
    },
    body.map((line) => [styled(margin), ...line]),
    shape,
    theme,
  );
}

function lineRows(line: ShownLine, index: number, view: LogPaneView, width: number, theme: Theme): readonly Line[] {
  const { wrap, offset, search, marked } = view;
  const isMarked = marked !== undefined && index >= marked[0] && index <= marked[1];
  const shown = (row: Line): Line => (isMarked ? asMarked(row, width, theme) : row);
  const matches = search === undefined ? [] : findMatches(line.text, search.text);
  const content = highlight(line, matches, search?.line === index ? 'currentMatch' : 'match');
  const prefix = linePrefix(line, view, width, theme);
  const room = Math.max(1, width - lineWidth(prefix));
  if (!wrap) return [shown([...prefix, ...sliceLine(content, offset, offset + room)])];
  const indent = [styled(' '.repeat(lineWidth(prefix)))];
  const rows = wrapText(line.text, room);
  // Where the pane is too narrow for a character, rows are not all of the text.
  const isWhole = rows.reduce((sum, row) => sum + row.length, 0) === line.text.length;
  let from = 0;
  return rows.map((row, count) => {
    const part = isWhole ? sliceCharacters(content, from, from + row.length) : [styled(row)];
    from += row.length;
    return shown([...(count === 0 ? prefix : indent), ...part]);
  });
}

function asMarked(row: Line, width: number, theme: Theme): Line {
  return fitLine(row, width, theme.glyphs.ellipsis).map(({ text }) => styled(text, 'selected'));
}

/** For the longest name of a task, within reason. */
function nameColumns({ plan }: ScreenView['state']): number {
  return Math.min(
    24,
    plan.tasks.reduce((most, { spec }) => Math.max(most, textWidth(spec.id)), 0),
  );
}

function modeOf({ following, fresh }: LogPaneView, { glyphs }: Theme): Line {
  const rest = styled(` ${glyphs.box.flat} `, 'border');
  if (following) return [styled('FOLLOW', 'busyBold'), rest];
  return fresh > 0
    ? [styled('PAUSED', 'warnBold'), styled(` +${formatNumber(fresh)} new`, 'warn'), rest]
    : [styled('PAUSED', 'warnBold'), rest];
}

function optionsOf({ wrap, errorsOnly, offset, marked }: LogPaneView, { glyphs }: Theme): Line {
  const options = [
    ...(marked === undefined ? [] : [`${formatCount(marked[1] - marked[0] + 1, 'line')} marked`]),
    ...(errorsOnly ? ['errors only'] : []),
    ...(wrap ? ['wrapped'] : []),
    ...(!wrap && offset > 0 ? [`from column ${offset + 1}`] : []),
  ];
  return options.length === 0 ? [] : [styled(options.join(` ${glyphs.box.flat} `), 'dim')];
}

function formatSearch({ current, total }: LogSearch): string {
  if (total === 0) return 'not found';
  return current > 0 ? `${current} of ${total}` : `${total} found`;
}

function formatEmpty({ task, names, errorsOnly, output = 'none-yet' }: LogPaneView): string {
  if (names !== undefined && !errorsOnly) return 'no task has printed anything yet';
  if (task === undefined) return 'select a task to see its output';
  return errorsOnly ? 'no line looks like an error' : noOutput[output];
}

const noOutput = { 'none-yet': 'no output yet', none: 'no output', 'not-run': 'no output: it was not run' } as const;
