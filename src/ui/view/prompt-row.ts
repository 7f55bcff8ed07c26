import { sliceText } from '../text/slice-text.ts';
import { textWidth } from '../text/text-width.ts';
import type { Style, Theme } from '../theme.ts';
import { fitLine, lineWidth, paint, span } from './line.ts';

/** A question that is answered by one key, in place of the footer: `Cancel nflverse_pbp?  y/N`. */
export function questionRow(question: string, width: number, theme: Theme): string {
  const answer = [span('  '), span('y', 'key'), span(' yes  ', 'dim'), span('n', 'key'), span(' no', 'dim')];
  const room = Math.max(0, width - lineWidth(answer));
  const text = [span(` ${question}`, 'warnBold')];
  const left = textWidth(question) + 1 > room ? fitLine(text, room, theme.glyphs.ellipsis) : text;
  return paint([...left, ...answer], width, theme);
}

/** A line that is being typed, with its cursor at the end; a long text shows its end. */
export function inputRow(label: string, text: string, width: number, theme: Theme): string {
  const room = Math.max(0, width - textWidth(label) - 2);
  const whole = textWidth(text);
  const shown = whole > room ? sliceText(text, whole - room, whole) : text;
  return paint([span(` ${label}`, 'key'), span(shown), span(theme.glyphs.cursor, 'busy')], width, theme);
}

/** A short answer of the screen, such as why a key did nothing. */
export function messageRow(message: string, style: Style, width: number, theme: Theme): string {
  return paint([span(` ${message}`, style)], width, theme);
}
