/** Characters that take one column in every terminal, as the inside of a character class. */
export const narrowOnes =
  '\\x20-\\x7e\\xa1-\\xac\\xae-\\u024f\\u0391-\\u03a1\\u03a3-\\u03c9\\u0400-\\u0482\\u048a-\\u04ff\\u2010-\\u2027\\u2039\\u203a\\u20ac\\u2190-\\u21ff\\u2248\\u2260\\u2298\\u2500-\\u25fc\\u2713\\u2717\\u2800-\\u28ff';

const narrow = new RegExp(`^[${narrowOnes}]*$`);

/**
 * Whether every character is printable and one column wide, so that the width of the text is its length: ASCII, most
 * alphabets, arrows, boxes, blocks, braille and our own glyphs. Splitting other text into clusters is a thousand times slower.
 */
export function isNarrow(text: string): boolean {
  return narrow.test(text);
}
