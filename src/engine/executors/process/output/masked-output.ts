import type { SecretPatterns } from '../../../masking/compile-secrets.ts';
import { findSecretMatches } from '../../../masking/find-secret-matches.ts';
import { maskStream } from '../../../masking/mask-stream.ts';
import type { AttemptObserver, OutputStream } from '../../../ports.ts';

/** Masks the output of one attempt. */
export type MaskedOutput = {
  write(stream: OutputStream, chunk: Uint8Array): void;
  /** Passes on what was held back because it might have become a secret. */
  end(): void;
};

type Emit = AttemptObserver['output'];

/** `emit` gets both streams without secrets, in the order in which they came. */
export function maskOutput(secrets: SecretPatterns | undefined, emit: Emit): MaskedOutput {
  if (secrets === undefined) return { write: emit, end: () => undefined };
  const emitMasked = maskAcrossStreams(secrets, emit);
  const masks = {
    stdout: maskStream(secrets, (bytes) => emitMasked('stdout', bytes)),
    stderr: maskStream(secrets, (bytes) => emitMasked('stderr', bytes)),
  };
  return {
    write: (stream, chunk) => {
      const other = masks[stream === 'stdout' ? 'stderr' : 'stdout'];
      // The beginning of a secret that is held back there may go on here.
      const secretEnd = endOfCrossingSecret(secrets, other.held(), chunk.subarray(0, secrets.longest));
      if (secretEnd > 0) {
        other.maskHeld();
        masks[stream].end();
        emitMasked(stream, Buffer.from('***'));
      }
      masks[stream].write(chunk.subarray(secretEnd));
    },
    end: () => {
      masks.stdout.end();
      masks.stderr.end();
    },
  };
}

/**
 * Both streams go into one log, where the end of one chunk and the beginning of the next, each harmless in its stream, may
 * together read as a secret: then the part in the second chunk is replaced by stars.
 */
function maskAcrossStreams(secrets: SecretPatterns, emit: Emit): Emit {
  const reach = secrets.longest;
  let last: OutputStream | undefined;
  let before: Uint8Array = new Uint8Array(0);
  return (stream, bytes) => {
    const secretEnd = stream === last ? 0 : endOfCrossingSecret(secrets, before, bytes.subarray(0, reach));
    if (secretEnd > 0) emit(stream, Buffer.from('***'));
    emit(stream, bytes.subarray(secretEnd));
    last = stream;
    const seen = bytes.length >= reach ? bytes : Buffer.concat([before, bytes]);
    before = Uint8Array.prototype.slice.call(seen, Math.max(0, seen.length - reach));
  };
}

/** How many of the bytes `after` belong to a secret that begins in the bytes `before` them. */
function endOfCrossingSecret(secrets: SecretPatterns, before: Uint8Array, after: Uint8Array): number {
  if (before.length === 0) return 0;
  const border = before.length;
  const crossing = findSecretMatches(secrets, Buffer.concat([before, after])).matches.filter(
    ({ start, end }) => start < border && end > border,
  );
  return crossing.reduce((most, { end }) => Math.max(most, end - border), 0);
}
