import type { TextLook } from '../../engine/index.ts';
import type { Style, Theme } from '../theme.ts';
import { fitText } from './text/fit-text.ts';
import { isNarrow } from './text/narrow-text.ts';
import { sliceText } from './text/slice-text.ts';
import { clustersOf, safeText, textWidth } from './text/text-width.ts';

/** Text in one style. Rows are built from these, so that measuring and cutting need not handle escape sequences. */
export type StyledText = {
  readonly text: string;
  readonly style: Style;
  /** How a program wanted its text to look; replaces the style where the theme shows such looks. */
  readonly look?: TextLook;
};

export type Line = readonly StyledText[];

/** Makes text safe for the terminal; everything in a row goes through here. */
export function styled(text: string, style: Style = 'plain', look?: TextLook): StyledText {
  return look === undefined ? { text: safeText(text), style } : { text: safeText(text), style, look };
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
  for (const { text, style, look } of line) {
    const end = column + textWidth(text);
    if (end > from && column < to)
      kept.push(styled(sliceText(text, Math.max(0, from - column), to - column), style, look));
    column = end;
    if (column >= to) break;
  }
  return kept;
}

/** The characters of `line` from `from` to before `to`, in UTF-16 units. */
export function sliceCharacters(line: Line, from: number, to: number): Line {
  const kept: StyledText[] = [];
  let at = 0;
  for (const { text, style, look } of line) {
    const end = at + text.length;
    if (end > from && at < to) kept.push(styled(text.slice(Math.max(0, from - at), to - at), style, look));
    at = end;
    if (at >= to) break;
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
  for (const { text, style, look } of fitted) row += paintText(text, style, theme, look);
  return row;
}

/** Characters of neighbouring texts may combine into one (flags, modifiers); then only the width of the whole row is right. */
function toExactWidth(line: Line, width: number, ellipsis: string): Line {
  if (line.every(({ text }) => isNarrow(text))) return line;
  const whole = line.map(({ text }) => text).join('');
  return textWidth(whole) === width ? line : [styled(fitText(whole, width, ellipsis))];
}

function paintText(text: string, style: Style, theme: Theme, look?: TextLook): string {
  const open = (look === undefined ? '' : theme.openLook(look)) || theme.open[style];
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
