/** The characters that take one column in every terminal, as they stand in a class of a regular expression. */
export const narrowOnes =
  '\\x20-\\x7e\\xa1-\\xac\\xae-\\u024f\\u0391-\\u03a1\\u03a3-\\u03c9\\u0400-\\u0482\\u048a-\\u04ff\\u2010-\\u2027\\u2039\\u203a\\u20ac\\u2190-\\u21ff\\u2248\\u2260\\u2298\\u2500-\\u25fc\\u2713\\u2717\\u2800-\\u28ff';

const narrow = new RegExp(`^[${narrowOnes}]*$`);

/**
 * Whether every character is printable and one column wide, so that its width is its length: ASCII and most alphabets,
 * arrows, boxes, blocks, braille and our own signs. Finding the borders of other characters is a thousand times slower.
 */
export function isNarrow(text: string): boolean {
  return narrow.test(text);
}
