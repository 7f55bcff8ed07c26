import type { SecretPatterns } from './compile-secrets.ts';
import { cutOff, endOfSecret, minOnFirstLine } from './end-of-secret.ts';
import { type VisibleBytes, visibleBytes, wouldHideStar } from './visible-bytes.ts';

/** The bytes from `start` to `end` (exclusive) are a secret. */
export type SecretMatch = { readonly start: number; readonly end: number };

/** The secrets in a piece of output. */
export type SecretSearchResult = {
  /** Sorted by start; they may overlap. */
  readonly matches: readonly SecretMatch[];
  /** The start of the longest suffix that may be the beginning of a secret; the length when there is none. */
  readonly incompleteAt: number;
};

const noMatches: readonly SecretMatch[] = [];

/** Searches the raw bytes and the visible bytes: a secret with colour codes inside is still readable on a screen. */
export function findSecretMatches(secrets: SecretPatterns, bytes: Uint8Array): SecretSearchResult {
  const plain = { matches: matchesIn(secrets, bytes), incompleteAt: startOfPossibleSecret(secrets, bytes) };
  const visible = visibleBytes(bytes);
  if (visible === undefined) return plain;
  const seen = matchesIn(secrets, visible.bytes).map((match) => inOutput(visible, match));
  const whole = plain.matches.map((match) => withSequences(visible, match));
  const matches = [...whole, ...seen].map((match) => withOpenSequence(visible, bytes, match));
  const incompleteAt = startOfPossibleSecret(secrets, visible.bytes);
  // What is held back begins outside of every sequence: its rest would be taken for visible text.
  const plainAt = plain.incompleteAt === bytes.length ? bytes.length : visible.startOfHidden(plain.incompleteAt);
  return {
    matches: matches.sort((a, b) => a.start - b.start || b.end - a.end),
    incompleteAt: incompleteAt === visible.bytes.length ? plainAt : Math.min(plainAt, visible.offsetOf(incompleteAt)),
  };
}

function inOutput({ offsetOf: placeOf }: VisibleBytes, { start, end }: SecretMatch): SecretMatch {
  return { start: placeOf(start), end: placeOf(end - 1) + 1 };
}

/**
 * With the sequences that it touches as a whole: half of one, with stars in the place of the rest, would take the stars or
 * what follows them for its own, so that harmless pieces around it could become a secret.
 */
function withSequences({ startOfHidden, endOfHidden }: VisibleBytes, { start, end }: SecretMatch): SecretMatch {
  return { start: startOfHidden(start), end: endOfHidden(end - 1) };
}

/** With a sequence before it that has no end, which would take the stars for its own as well. */
function withOpenSequence({ startOfHidden }: VisibleBytes, bytes: Uint8Array, match: SecretMatch): SecretMatch {
  if (match.start === 0) return match;
  const start = startOfHidden(match.start - 1);
  return wouldHideStar(bytes, start, match.start) ? { ...match, start } : match;
}

/** Of several that start at the same byte, only the longest. */
function matchesIn(secrets: SecretPatterns, bytes: Uint8Array): readonly SecretMatch[] {
  const { shift, shortest, candidates } = secrets;
  const length = bytes.length;
  let found: SecretMatch[] | undefined;
  for (let last = shortest - 1; last < length; ) {
    const block = (bytes[last - 1]! << 8) | bytes[last]!;
    const skip = shift[block]!;
    if (skip > 0) {
      last += skip;
      continue;
    }
    const start = last - shortest + 1;
    let end = 0;
    for (const pattern of candidates.get(block) ?? []) {
      if (startsAt(pattern, bytes, start, shortest)) end = Math.max(end, endOfSecret(pattern, bytes, start));
    }
    if (end > 0) {
      found ??= [];
      found.push({ start, end });
    }
    last += 1;
  }
  return found ?? noMatches;
}

function startsAt(pattern: Uint8Array, bytes: Uint8Array, start: number, count: number): boolean {
  for (let index = 0; index < count; index += 1) if (pattern[index] !== bytes[start + index]) return false;
  return true;
}

/** Escaped, a secret takes more place than its pattern. */
const longestEscape = 3;

/** The start of the longest suffix of `bytes` that may be the beginning of a secret; the length when there is none. */
function startOfPossibleSecret(secrets: SecretPatterns, bytes: Uint8Array): number {
  const { longest, byStart, firstByte, firstBytes } = secrets;
  const length = bytes.length;
  for (let start = Math.max(0, length - longestEscape * longest); start < length - 1; start += 1) {
    const two = (bytes[start]! << 8) | bytes[start + 1]!;
    if (firstBytes[two] === 0 || breaksEarly(bytes, start)) continue;
    for (const pattern of byStart.get(two)!) if (endOfSecret(pattern, bytes, start) === cutOff) return start;
  }
  return length > 0 && firstByte[bytes[length - 1]!] === 1 ? length - 1 : length;
}

/** Whether a line ends so soon, and so close to the end, that it would be held back for nothing in most cases. */
function breaksEarly(bytes: Uint8Array, start: number): boolean {
  const lineEnd = bytes.subarray(start, start + minOnFirstLine).indexOf(0x0a);
  return lineEnd !== -1 && bytes.length - start - lineEnd <= minOnFirstLine;
}
