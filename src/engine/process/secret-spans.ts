import type { SecretPatterns } from './secret-patterns.ts';
import { type VisibleBytes, visibleBytes } from './visible-bytes.ts';

/** Bytes from `start` up to `end` that show a secret. */
export type Span = { readonly start: number; readonly end: number };

/** What a piece of output shows of secrets. */
export type Findings = {
  /** In the order of their starts; they may overlap. */
  readonly spans: readonly Span[];
  /** Where the longest end begins that may become a secret; the length when none may. */
  readonly openAt: number;
};

const noSpans: readonly Span[] = [];

/** Looks at the bytes as they are and as they are seen: colours within a secret hide nothing of it. */
export function findSpans(secrets: SecretPatterns, bytes: Uint8Array): Findings {
  const plain = { spans: spansIn(secrets, bytes), openAt: startOfOpenEnd(secrets, bytes) };
  const visible = visibleBytes(bytes);
  if (visible === undefined) return plain;
  const seen = spansIn(secrets, visible.bytes).map((span) => inOutput(visible, span));
  const openAt = startOfOpenEnd(secrets, visible.bytes);
  return {
    spans: [...plain.spans, ...seen].sort((a, b) => a.start - b.start || b.end - a.end),
    openAt: openAt === visible.bytes.length ? plain.openAt : Math.min(plain.openAt, visible.placeOf(openAt)),
  };
}

function inOutput({ placeOf }: VisibleBytes, { start, end }: Span): Span {
  return { start: placeOf(start), end: placeOf(end - 1) + 1 };
}

/** Of those that start at the same byte only the longest. */
function spansIn(secrets: SecretPatterns, bytes: Uint8Array): readonly Span[] {
  const { shift, shortest, candidates } = secrets;
  const length = bytes.length;
  let spans: Span[] | undefined;
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
      if (pattern.length > end - start && matches(pattern, bytes, start, pattern.length)) end = start + pattern.length;
    }
    if (end > 0) {
      spans ??= [];
      spans.push({ start, end });
    }
    last += 1;
  }
  return spans ?? noSpans;
}

/** Where the longest end of `bytes` starts that is a proper beginning of a secret; their length when there is none. */
function startOfOpenEnd(secrets: SecretPatterns, bytes: Uint8Array): number {
  const { longest, byStart, firstByte, firstBytes } = secrets;
  const length = bytes.length;
  for (let start = Math.max(0, length - longest + 1); start < length - 1; start += 1) {
    const two = (bytes[start]! << 8) | bytes[start + 1]!;
    if (firstBytes[two] === 0) continue;
    const open = length - start;
    for (const pattern of byStart.get(two)!) {
      if (open < pattern.length && matches(pattern, bytes, start, open)) return start;
    }
  }
  return length > 0 && firstByte[bytes[length - 1]!] === 1 ? length - 1 : length;
}

function matches(pattern: Uint8Array, bytes: Uint8Array, start: number, count: number): boolean {
  if (start + count > bytes.length) return false;
  for (let index = 0; index < count; index += 1) if (pattern[index] !== bytes[start + index]) return false;
  return true;
}
