import stringWidth from 'string-width';
import { displayText } from '../../engine/index.ts';

/** Columns that `text` takes on a terminal, when it is shown the way `displayText` makes it safe. */
export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  const known = widths.get(text);
  if (known !== undefined) return known;
  const width = stringWidth(displayText(text));
  if (widths.size >= mostWidths) widths.clear();
  widths.set(text, width);
  return width;
}

/**
 * Whether every character is printable and one column wide, so that its width is its length: ASCII, Latin-1, arrows, boxes,
 * blocks, braille and our own signs. Finding the borders of other characters is a thousand times slower.
 */
export function isNarrow(text: string): boolean {
  return narrow.test(text);
}

/** `text` without anything that a terminal would obey; what is added to it afterwards cannot be swallowed by it. */
export function safeText(text: string): string {
  return isNarrow(text) ? text : displayText(text);
}

/** What a terminal draws as one thing (a letter with its accents, an emoji with its modifiers), with its width. */
export function* clustersOf(text: string): Generator<{ readonly text: string; readonly width: number }> {
  for (const { segment } of segmenter.segment(displayText(text))) yield { text: segment, width: stringWidth(segment) };
}

const narrow =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2039\u203a\u2190-\u21ff\u2248\u2260\u2298\u2500-\u25fc\u2713\u2717\u2800-\u28ff]*$/;

const segmenter = new Intl.Segmenter();
const widths = new Map<string, number>();
const mostWidths = 4096;
