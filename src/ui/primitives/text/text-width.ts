import stringWidth from 'string-width';
import { displayText } from '../../../engine/index.ts';
import { isNarrow, narrowOnes } from './narrow-text.ts';

/** Columns that `text` takes on a terminal, when it is shown the way `displayText` makes it safe. */
export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length;
  const known = widths.get(text);
  if (known !== undefined) return known;
  const width = isSimple(text) ? simpleWidth(text) : stringWidth(displayText(text));
  if (widths.size >= maxWidths) widths.clear();
  widths.set(text, width);
  return width;
}

/** `text` without control characters and unfinished sequences, which could swallow text that follows. */
export function safeText(text: string): string {
  return isNarrow(text) ? text : displayText(text);
}

/** The grapheme clusters of `text` (a letter with its accents, an emoji with its modifiers), each with its width. */
export function* clustersOf(text: string): Generator<{ readonly text: string; readonly width: number }> {
  if (isSimple(text)) {
    for (const character of text) yield { text: character, width: character >= firstWide ? 2 : 1 };
    return;
  }
  for (const { segment } of segmenter.segment(displayText(text))) yield { text: segment, width: stringWidth(segment) };
}

/** Whether every character is a cluster of its own, and is either narrow or a wide one of East Asian writing. */
function isSimple(text: string): boolean {
  return simple.test(text);
}

function simpleWidth(text: string): number {
  let width = text.length;
  for (let at = 0; at < text.length; at += 1) if (text[at]! >= firstWide) width += 1;
  return width;
}

const firstWide = '\u3000';

const wideOnes =
  '\\u3000-\\u3029\\u3041-\\u3096\\u30a1-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60';
const simple = new RegExp(`^[${narrowOnes}${wideOnes}]*$`);

const segmenter = new Intl.Segmenter();
const widths = new Map<string, number>();
const maxWidths = 4096;
