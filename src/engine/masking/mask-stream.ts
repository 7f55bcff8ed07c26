import type { SecretPatterns } from './compile-secrets.ts';
import { findSecretMatches } from './find-secret-matches.ts';

const stars = Buffer.from('***');
/** Resets the colours when escape sequences are masked with the secret, because the reset may be among them. */
const starsAndReset = Buffer.from('***\x1b[m');
const esc = 0x1b;
const nothing = Buffer.alloc(0);

/** How many invisible bytes may be buffered in addition to the longest secret. */
const maxHidden = 0x10000;

/** Output is written in chunks of any size; what is emitted contains no secret, also none that spans chunks. */
export type MaskStream = {
  /** The caller may reuse the chunk afterwards. */
  write(chunk: Uint8Array): void;
  /** Emits what is still buffered because it might have become a secret. */
  end(): void;
  /** What is buffered, as long as none of it belongs to a secret that was emitted already. */
  held(): Uint8Array;
  /** What is buffered is part of a secret that goes on elsewhere: it is masked, whatever follows here. */
  maskHeld(): void;
};

/**
 * Replaces every secret by `***`, also one with escape sequences inside; overlapping secrets become one. Only the end of
 * a chunk that may be the beginning of a secret is buffered, so that output appears without delay.
 * @param emit its bytes are valid during the call only
 */
export function maskStream(secrets: SecretPatterns | undefined, emit: (bytes: Uint8Array) => void): MaskStream {
  if (secrets === undefined) return { write: emit, end: () => {}, held: () => nothing, maskHeld: () => {} };
  let held: Uint8Array = nothing;
  // How many of the buffered bytes belong to a secret whose stars were emitted already.
  let covered = 0;
  // How many of the buffered bytes are part of a secret that goes on elsewhere.
  let masked = 0;

  const pass = (bytes: Uint8Array, isLast: boolean): number => {
    const { matches: found, incompleteAt } = findSecretMatches(secrets, bytes);
    const matches = masked > 0 ? [{ start: 0, end: masked }, ...found] : found;
    const until = isLast ? bytes.length : incompleteAt;
    let done = Math.min(covered, until);
    for (const { start, end } of matches) {
      if (start >= until) break;
      if (start >= covered) {
        if (start > done) emit(bytes.subarray(done, start));
        emit(bytes.subarray(start, end).includes(esc) ? starsAndReset : stars);
      }
      covered = Math.max(covered, end);
      done = Math.min(covered, until);
    }
    if (done < until) emit(bytes.subarray(done, until));
    covered = Math.max(0, covered - until);
    masked = Math.max(0, masked - until);
    return until;
  };

  return {
    write: (chunk) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const until = pass(bytes, false);
      held = until === bytes.length ? nothing : Uint8Array.prototype.slice.call(bytes, until);
      if (held.length <= secrets.longest + maxHidden) return;
      // This is almost always an unterminated escape sequence; the start of the buffer may still be the start of a secret.
      if (covered === 0) emit(stars);
      held = nothing;
      covered = 0;
      masked = 0;
    },
    end: () => {
      pass(held, true);
      held = nothing;
      covered = 0;
    },
    held: () => (covered === 0 ? held : nothing),
    maskHeld: () => {
      masked = held.length;
    },
  };
}

/** `text` with every secret replaced by `***`. */
export function maskText(secrets: SecretPatterns | undefined, text: string): string {
  if (secrets === undefined || text === '') return text;
  const parts: Buffer[] = [];
  const mask = maskStream(secrets, (bytes) => parts.push(Buffer.from(bytes)));
  mask.write(Buffer.from(text, 'utf8'));
  mask.end();
  return Buffer.concat(parts).toString('utf8');
}
