import type { SecretPatterns } from './compile-secrets.ts';
import { type VisibleBytes, visibleBytes } from './visible-bytes.ts';

/** Bytes from `start` up to `end` that show a secret. */
export type SecretMatch = { readonly start: number; readonly end: number };

/** What a piece of output shows of secrets. */
export type SecretSearchResult = {
  /** In the order of their starts; they may overlap. */
  readonly matches: readonly SecretMatch[];
  /** Where the longest end begins that may become a secret; the length when none may. */
  readonly openAt: number;
};

const noMatches: readonly SecretMatch[] = [];

/** Looks at the bytes as they are and as they are seen: colours within a secret hide nothing of it. */
export function findSecretMatches(secrets: SecretPatterns, bytes: Uint8Array): SecretSearchResult {
  const plain = { matches: matchesIn(secrets, bytes), openAt: startOfPossibleSecret(secrets, bytes) };
  const visible = visibleBytes(bytes);
  if (visible === undefined) return plain;
  const seen = matchesIn(secrets, visible.bytes).map((match) => inOutput(visible, match));
  const openAt = startOfPossibleSecret(secrets, visible.bytes);
  return {
    matches: [...plain.matches, ...seen].sort((a, b) => a.start - b.start || b.end - a.end),
    openAt: openAt === visible.bytes.length ? plain.openAt : Math.min(plain.openAt, visible.offsetOf(openAt)),
  };
}

function inOutput({ offsetOf: placeOf }: VisibleBytes, { start, end }: SecretMatch): SecretMatch {
  return { start: placeOf(start), end: placeOf(end - 1) + 1 };
}

/** Of those that start at the same byte only the longest. */
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
      if (pattern.length > end - start && startsAt(pattern, bytes, start, pattern.length)) end = start + pattern.length;
    }
    if (end > 0) {
      found ??= [];
      found.push({ start, end });
    }
    last += 1;
  }
  return found ?? noMatches;
}

/** Where the longest end of `bytes` starts that is a proper beginning of a secret; their length when there is none. */
function startOfPossibleSecret(secrets: SecretPatterns, bytes: Uint8Array): number {
  const { longest, byStart, firstByte, firstBytes } = secrets;
  const length = bytes.length;
  for (let start = Math.max(0, length - longest + 1); start < length - 1; start += 1) {
    const two = (bytes[start]! << 8) | bytes[start + 1]!;
    if (firstBytes[two] === 0) continue;
    const open = length - start;
    for (const pattern of byStart.get(two)!) {
      if (open < pattern.length && startsAt(pattern, bytes, start, open)) return start;
    }
  }
  return length > 0 && firstByte[bytes[length - 1]!] === 1 ? length - 1 : length;
}

function startsAt(pattern: Uint8Array, bytes: Uint8Array, start: number, count: number): boolean {
  if (start + count > bytes.length) return false;
  for (let index = 0; index < count; index += 1) if (pattern[index] !== bytes[start + index]) return false;
  return true;
}
