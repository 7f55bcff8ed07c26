import { taskDisplay } from '../../../display/states/task-display.ts';
import type { AttemptInterval } from '../../../display/timeline/attempt-interval.ts';
import { type Line, type StyledText, styled } from '../../primitives/line.ts';
import { boldSeverityStyles, type Style, severityStyles, type Theme } from '../../theme.ts';

/** Maps time to the columns of a row: one column is `endMs / columns` long. */
export type BarScale = {
  readonly startedAt: number;
  readonly endMs: number;
  readonly columns: number;
  readonly now: number;
};

type Cell = { readonly text: string; readonly style: Style };

/**
 * The intervals of one task as a row of `columns`: bars that end in eighths of a column and are at least one eighth long,
 * waits as `░`, the icon of a failure at the end of a failed attempt. `nowColumn` gets a line where nothing else is drawn.
 */
export function timelineBar(
  intervals: readonly AttemptInterval[],
  scale: BarScale,
  bold: boolean,
  nowColumn: number | undefined,
  theme: Theme,
): Line {
  const cells = new Array<Cell | undefined>(scale.columns);
  for (const one of intervals) drawInterval(cells, one, scale, bold, theme);
  if (nowColumn !== undefined && nowColumn < scale.columns) {
    cells[nowColumn] ??= { text: theme.glyphs.nowLine, style: 'dim' };
  }
  return joinCells(cells);
}

/** The column of a time; undefined when it is outside. */
export function columnOf(at: number, { startedAt, endMs, columns }: BarScale): number | undefined {
  const column = Math.floor(((at - startedAt) / endMs) * columns);
  return column >= 0 && column < columns ? column : undefined;
}

function drawInterval(
  cells: (Cell | undefined)[],
  one: AttemptInterval,
  scale: BarScale,
  bold: boolean,
  theme: Theme,
): void {
  const { startedAt, endMs, columns, now } = scale;
  const { bar, rightHalf, pause } = theme.glyphs;
  const parts = bar.length - 1;
  const position = (at: number): number => Math.min(columns, Math.max(0, ((at - startedAt) / endMs) * columns));
  const from = position(one.startedAt);
  const to = Math.max(from, position(one.endedAt ?? now));
  const first = Math.min(columns - 1, Math.floor(from));
  if (first < 0) return;
  const style = styleOf(one, bold);
  if (one.kind === 'waiting') {
    for (let column = first; column < Math.round(to); column += 1) cells[column] ??= { text: pause, style };
    return;
  }
  const last = Math.min(columns - 1, Math.max(first, Math.ceil(to) - 1));
  const late = from - first >= 0.5;
  for (let column = first; column <= last; column += 1) {
    // A bar begins at the left or in the middle of its first column; its end is exact to the eighth.
    const begin = column === first && first === last ? from : column;
    const filled = Math.min(parts, Math.round((to - begin) * parts));
    const text =
      column === first && late ? rightHalf : bar[column === first ? Math.max(1, filled) : Math.max(0, filled)]!;
    if (filled > 0 || column === first) cells[column] = { text, style };
  }
  if (taskDisplay(one.kind).severity === 'failure') cells[last] = { text: theme.icons.failed, style };
}

/** The bar of a success has a colour of its own, in which the length stands out. */
function styleOf({ kind }: AttemptInterval, bold: boolean): Style {
  const { severity } = taskDisplay(kind);
  if (severity === 'success') return bold ? 'cpuBold' : 'cpu';
  return (bold ? boldSeverityStyles : severityStyles)[severity];
}

function joinCells(cells: readonly (Cell | undefined)[]): Line {
  const line: StyledText[] = [];
  let text = '';
  let style: Style = 'plain';
  // Array.from also yields the cells that were never assigned.
  for (const cell of Array.from(cells)) {
    const next = cell?.style ?? 'plain';
    if (next !== style && text !== '') {
      line.push(styled(text, style));
      text = '';
    }
    style = next;
    text += cell?.text ?? ' ';
  }
  if (text !== '') line.push(styled(text, style));
  return line;
}
