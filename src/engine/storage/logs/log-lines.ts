/** A longer line is shown as several. */
export const longestLine = 0x10000;

/**
 * Behind the line that begins at `start`: behind its line feed, or where a line that is too long is cut, never inside of
 * a character. -1 when its end is still to come.
 */
export function endOfLine(bytes: Uint8Array, start: number): number {
  const limit = start + longestLine;
  const end = Math.min(bytes.length, limit);
  for (let at = start; at < end; at += 1) if (bytes[at] === lineFeed) return at + 1;
  if (bytes.length <= limit) return -1;
  let cut = limit;
  while (cut > limit - 3 && (bytes[cut]! & 0xc0) === 0x80) cut -= 1;
  return cut;
}

/** What is no UTF-8 becomes U+FFFD; the line end, of either kind, is left out. */
export function decodeLine(bytes: Buffer, start: number, end: number): string {
  let last = end;
  if (last > start && bytes[last - 1] === lineFeed) {
    last -= 1;
    if (last > start && bytes[last - 1] === carriageReturn) last -= 1;
  }
  return bytes.toString('utf8', start, last);
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
