import type { SecretPatterns } from './secret-patterns.ts';

const stars = Buffer.from('***');
const nothing = Buffer.alloc(0);

/** Bytes go in as they come; what comes out holds no secret, wherever the chunks were cut. */
export type MaskStream = {
  /** The chunk may be used again once this returns. */
  write(chunk: Uint8Array): void;
  /** Lets go what was held back because it might have become a secret. */
  end(): void;
};

/**
 * Replaces every secret by `***`; secrets that overlap become one. Of each chunk it holds back only the end that may be
 * the beginning of a secret, so that people see output as it happens. `emit`'s bytes are valid during the call only.
 */
export function maskStream(secrets: SecretPatterns | undefined, emit: (bytes: Uint8Array) => void): MaskStream {
  if (secrets === undefined) return { write: emit, end: () => undefined };
  let held: Uint8Array = nothing;
  // How many of the held bytes belong to a secret whose stars are out already.
  let covered = 0;

  const pass = (bytes: Uint8Array, until: number) => {
    let done = Math.min(covered, until);
    for (let at = findSecret(secrets, bytes, 0); at !== undefined && at.start < until; ) {
      if (at.start >= covered) {
        if (at.start > done) emit(bytes.subarray(done, at.start));
        emit(stars);
      }
      covered = Math.max(covered, at.end);
      done = Math.min(covered, until);
      at = findSecret(secrets, bytes, at.start + 1);
    }
    if (done < until) emit(bytes.subarray(done, until));
    covered = Math.max(0, covered - until);
  };

  return {
    write: (chunk) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const until = startOfOpenEnd(secrets, bytes);
      pass(bytes, until);
      held = until === bytes.length ? nothing : Uint8Array.prototype.slice.call(bytes, until);
    },
    end: () => {
      pass(held, held.length);
      held = nothing;
      covered = 0;
    },
  };
}

/** `text` with every secret replaced by `***`. */
export function maskText(secrets: SecretPatterns | undefined, text: string): string {
  if (secrets === undefined) return text;
  const parts: Buffer[] = [];
  const mask = maskStream(secrets, (bytes) => parts.push(Buffer.from(bytes)));
  mask.write(Buffer.from(text, 'utf8'));
  mask.end();
  return Buffer.concat(parts).toString('utf8');
}

/** The first secret that starts at `from` or later; the longest of those that start there. */
function findSecret(
  secrets: SecretPatterns,
  bytes: Uint8Array,
  from: number,
): { start: number; end: number } | undefined {
  const { shift, shortest, candidates } = secrets;
  const length = bytes.length;
  let last = from + shortest - 1;
  while (last < length) {
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
    if (end > 0) return { start, end };
    last++;
  }
  return undefined;
}

/** Where the longest end of `bytes` starts that is a proper beginning of a secret; their length when there is none. */
function startOfOpenEnd(secrets: SecretPatterns, bytes: Uint8Array): number {
  for (let start = Math.max(0, bytes.length - secrets.longest + 1); start < bytes.length; start++) {
    const open = bytes.length - start;
    for (const pattern of secrets.byFirst[bytes[start]!] ?? []) {
      if (open < pattern.length && matches(pattern, bytes, start, open)) return start;
    }
  }
  return bytes.length;
}

function matches(pattern: Uint8Array, bytes: Uint8Array, start: number, count: number): boolean {
  if (start + count > bytes.length) return false;
  for (let index = 0; index < count; index++) if (pattern[index] !== bytes[start + index]) return false;
  return true;
}
