import type { SecretPatterns } from './compile-secrets.ts';
import { findSecretMatches } from './find-secret-matches.ts';

const stars = Buffer.from('***');
/** Colours that began within a secret end with it: what would have ended them may be gone with it. */
const starsWithoutColour = Buffer.from('***\x1b[m');
const esc = 0x1b;
const nothing = Buffer.alloc(0);

/** More than this is not held back: nobody reads so much that cannot be seen. */
const maxHidden = 0x10000;

/** Bytes go in as they come; what comes out holds no secret, wherever the chunks were cut. */
export type MaskStream = {
  /** The chunk may be used again once this returns. */
  write(chunk: Uint8Array): void;
  /** Lets go what was held back because it might have become a secret. */
  end(): void;
};

/**
 * Replaces every secret by `***`, also where escape sequences stand within it; secrets that overlap become one. Of each
 * chunk it holds back only the end that may be the beginning of a secret, so that people see output as it happens.
 * `emit`'s bytes are valid during the call only.
 */
export function maskStream(secrets: SecretPatterns | undefined, emit: (bytes: Uint8Array) => void): MaskStream {
  if (secrets === undefined) return { write: emit, end: () => undefined };
  let held: Uint8Array = nothing;
  // How many of the held bytes belong to a secret whose stars are out already.
  let covered = 0;

  const pass = (bytes: Uint8Array, isLast: boolean): number => {
    const { matches, openAt } = findSecretMatches(secrets, bytes);
    const until = isLast ? bytes.length : openAt;
    let done = Math.min(covered, until);
    for (const { start, end } of matches) {
      if (start >= until) break;
      if (start >= covered) {
        if (start > done) emit(bytes.subarray(done, start));
        emit(bytes.subarray(start, end).includes(esc) ? starsWithoutColour : stars);
      }
      covered = Math.max(covered, end);
      done = Math.min(covered, until);
    }
    if (done < until) emit(bytes.subarray(done, until));
    covered = Math.max(0, covered - until);
    return until;
  };

  return {
    write: (chunk) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const until = pass(bytes, false);
      held = until === bytes.length ? nothing : Uint8Array.prototype.slice.call(bytes, until);
      if (held.length <= secrets.longest + maxHidden) return;
      // Almost all of it is an escape sequence without an end, or the like; its beginning may be one of a secret.
      if (covered === 0) emit(stars);
      held = nothing;
      covered = 0;
    },
    end: () => {
      pass(held, true);
      held = nothing;
      covered = 0;
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
