import stringWidth from 'string-width';
import { displayText } from '../../engine/index.ts';

/** Columns that `text` takes on a terminal, when it is shown the way `displayText` makes it safe. */
export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  const known = widths.get(text);
  if (known !== undefined) return known;
  const width = isSimple(text) ? simpleWidth(text) : stringWidth(displayText(text));
  if (widths.size >= mostWidths) widths.clear();
  widths.set(text, width);
  return width;
}

/**
 * Whether every character is printable and one column wide, so that its width is its length: ASCII and most alphabets,
 * arrows, boxes, blocks, braille and our own signs. Finding the borders of other characters is a thousand times slower.
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
  if (isSimple(text)) {
    for (const character of text) yield { text: character, width: character >= firstWide ? 2 : 1 };
    return;
  }
  for (const { segment } of segmenter.segment(displayText(text))) yield { text: segment, width: stringWidth(segment) };
}

/** Whether every character stands for itself, and is either narrow or one of the wide ones of East Asian writing. */
function isSimple(text: string): boolean {
  return simple.test(text);
}

function simpleWidth(text: string): number {
  let width = text.length;
  for (let at = 0; at < text.length; at += 1) if (text[at]! >= firstWide) width += 1;
  return width;
}

const firstWide = '\u3000';

const narrowOnes =
  '\\x20-\\x7e\\xa1-\\xac\\xae-\\u024f\\u0391-\\u03a1\\u03a3-\\u03c9\\u0400-\\u0482\\u048a-\\u04ff\\u2010-\\u2027\\u2039\\u203a\\u20ac\\u2190-\\u21ff\\u2248\\u2260\\u2298\\u2500-\\u25fc\\u2713\\u2717\\u2800-\\u28ff';
const wideOnes =
  '\\u3000-\\u3029\\u3041-\\u3096\\u30a1-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60';
const narrow = new RegExp(`^[${narrowOnes}]*$`);
const simple = new RegExp(`^[${narrowOnes}${wideOnes}]*$`);

const segmenter = new Intl.Segmenter();
const widths = new Map<string, number>();
const mostWidths = 4096;
