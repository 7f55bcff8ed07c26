import stringWidth from 'string-width';
import { isNarrow } from '../primitives/text/narrow-text.ts';

/**
 * Columns that a painted line takes on a terminal, without its escape sequences. Latin text, box drawing, blocks, braille
 * and arrows are counted by length; only other text needs the slow measuring.
 */
export function paintedWidth(line: string): number {
  const plain = withoutColours(line);
  if (isNarrow(plain)) return plain.length;
  const known = widths.get(line);
  if (known !== undefined) return known;
  const width = stringWidth(line);
  if (widths.size >= maxKnown) widths.clear();
  widths.set(line, width);
  return width;
}

/** Whether the line contains anything but characters and colours. */
export function movesCursor(line: string): boolean {
  const plain = withoutColours(line);
  return !isNarrow(plain) && control.test(plain);
}

const esc = '\x1b';

function withoutColours(line: string): string {
  return line.includes(esc) ? line.replace(colour, '') : line;
}

const colour = new RegExp(`${esc}\\[[\\d;:]*m`, 'g');
const control = /\p{Cc}/u;

const widths = new Map<string, number>();
const maxKnown = 4_096;
