import type { Style, Theme } from '../theme.ts';
import { fitText } from './text/fit-text.ts';
import { isNarrow } from './text/narrow-text.ts';
import { sliceText } from './text/slice-text.ts';
import { clustersOf, safeText, textWidth } from './text/text-width.ts';

/** Text in one style. Rows are built from these, so that measuring and cutting need not handle escape sequences. */
export type StyledText = { readonly text: string; readonly style: Style };

export type Line = readonly StyledText[];

/** Makes text safe for the terminal; everything in a row goes through here. */
export function styled(text: string, style: Style = 'plain'): StyledText {
  return { text: safeText(text), style };
}

export function lineWidth(line: Line): number {
  let width = 0;
  for (const { text } of line) width += textWidth(text);
  return width;
}

/** `line` in exactly `width` columns. */
export function fitLine(line: Line, width: number, ellipsis: string): Line {
  const whole = lineWidth(line);
  if (whole === width) return line;
  if (whole < width) return [...line, styled(' '.repeat(width - whole))];
  if (width <= 0) return [];
  const kept = sliceLine(line, 0, width - 1);
  const style = kept[kept.length - 1]?.style ?? 'plain';
  return [...kept, styled(ellipsis, style)];
}

/** The columns of `line` from `from` to before `to`. */
export function sliceLine(line: Line, from: number, to: number): Line {
  const kept: StyledText[] = [];
  let column = 0;
  for (const { text, style } of line) {
    const end = column + textWidth(text);
    if (end > from && column < to) kept.push(styled(sliceText(text, Math.max(0, from - column), to - column), style));
    column = end;
    if (column >= to) break;
  }
  return kept;
}

/** `left` and `right` at the two edges of `width` columns; the left one is shortened. */
export function spread(left: Line, right: Line, width: number, ellipsis: string): Line {
  const end = lineWidth(right) > width ? fitLine(right, width, ellipsis) : right;
  return [...fitLine(left, width - lineWidth(end), ellipsis), ...end];
}

/** The row as the terminal gets it: exactly `width` columns, every style closed. `over` replaces all styles. */
export function paint(line: Line, width: number, theme: Theme, over?: Style): string {
  const fitted = toExactWidth(fitLine(line, width, theme.glyphs.ellipsis), width, theme.glyphs.ellipsis);
  if (over !== undefined) return paintText(fitted.map(({ text }) => text).join(''), over, theme);
  let row = '';
  for (const { text, style } of fitted) row += paintText(text, style, theme);
  return row;
}

/** Characters of neighbouring texts may combine into one (flags, modifiers); then only the width of the whole row is right. */
function toExactWidth(line: Line, width: number, ellipsis: string): Line {
  if (line.every(({ text }) => isNarrow(text))) return line;
  const whole = line.map(({ text }) => text).join('');
  return textWidth(whole) === width ? line : [styled(fitText(whole, width, ellipsis))];
}

function paintText(text: string, style: Style, theme: Theme): string {
  const open = theme.open[style];
  const shown = theme.unicode ? text : toAscii(text);
  return open === '' || shown === '' ? shown : `${open}${shown}\x1b[0m`;
}

function toAscii(text: string): string {
  if (ascii.test(text)) return text;
  let shown = '';
  for (const cluster of clustersOf(text)) {
    shown += ascii.test(cluster.text) ? cluster.text : '?'.repeat(cluster.width);
  }
  return shown;
}

const ascii = /^[\x20-\x7e]*$/;
