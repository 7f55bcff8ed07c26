import { type Line, lineWidth, paint, styled } from '../primitives/line.ts';
import { sliceText } from '../primitives/text/slice-text.ts';
import { textWidth } from '../primitives/text/text-width.ts';
import type { Style, Theme } from '../theme.ts';

/** A question with its shorter variants, from long to short. */
export type Question = { readonly text: string; readonly shorter: readonly string[] };

/**
 * A question that is answered by one key, in place of the footer: `Cancel nflverse_pbp?  y yes  n no`. The longest variant
 * that fits beside the answers; a blank row where not even the shortest fits.
 */
export function questionRow(question: Question, width: number, theme: Theme): string {
  const line = questionLine(question, width);
  const inTheme = line?.map(({ text, style }) => styled(text.replaceAll('…', theme.glyphs.ellipsis), style));
  return paint(inTheme ?? [], width, theme);
}

/** Whether a variant of the question fits into `width` columns. */
export function isReadable(question: Question, width: number): boolean {
  return questionLine(question, width) !== undefined;
}

function questionLine({ text, shorter }: Question, width: number): Line | undefined {
  const variants = [text, ...shorter];
  const fits = (answer: Line) => variants.find((one) => textWidth(one) + 1 + lineWidth(answer) <= width);
  for (const answer of [longAnswer, shortAnswer]) {
    const fitting = fits(answer);
    if (fitting !== undefined) return [styled(` ${fitting}`, 'warnBold'), ...answer];
  }
  return undefined;
}

const longAnswer = [
  styled('  '),
  styled('y', 'key'),
  styled(' yes  ', 'dim'),
  styled('n', 'key'),
  styled(' no', 'dim'),
];
const shortAnswer = [styled(' '), styled('y/n', 'key')];

/** An input line with its cursor at the end; of a long text the end is shown. */
export function inputRow(label: string, text: string, width: number, theme: Theme): string {
  const room = Math.max(0, width - textWidth(label) - 2);
  const whole = textWidth(text);
  const shown = whole > room ? sliceText(text, whole - room, whole) : text;
  return paint([styled(` ${label}`, 'key'), styled(shown), styled(theme.glyphs.cursor, 'busy')], width, theme);
}

/** A short message, such as why a key did nothing. */
export function messageRow(message: string, style: Style, width: number, theme: Theme): string {
  return paint([styled(` ${message}`, style)], width, theme);
}
