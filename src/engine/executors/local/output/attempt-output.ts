import type { SecretPatterns } from '../../../masking/compile-secrets.ts';
import { findSecretMatches } from '../../../masking/find-secret-matches.ts';
import { maskStream } from '../../../masking/mask-stream.ts';
import type { TaskId } from '../../../model/ids.ts';
import type { AttemptLog, OutputLog, OutputStream, OutputTail } from '../../../ports.ts';

/** The way of an attempt's output into its log. */
export type AttemptOutput = {
  write(stream: OutputStream, chunk: Uint8Array): void;
  /** Nothing more comes. Returns the last of what came. */
  finish(): OutputTail;
};

const nothing: OutputTail = { stdout: '', stderr: '', merged: '' };

export function openOutput(
  log: OutputLog,
  secrets: SecretPatterns | undefined,
  task: TaskId,
  attempt: number,
): AttemptOutput {
  const file = log.open(task, attempt);
  const write = secrets === undefined ? file.write.bind(file) : maskSeams(secrets, file);
  const masks = {
    stdout: maskStream(secrets, (bytes) => write('stdout', bytes)),
    stderr: maskStream(secrets, (bytes) => write('stderr', bytes)),
  };
  let silent = true;
  return {
    write: (stream, chunk) => {
      silent = false;
      masks[stream].write(chunk);
    },
    finish: () => {
      masks.stdout.end();
      masks.stderr.end();
      const tail = silent ? nothing : log.tail(task, attempt);
      file.close();
      return tail;
    },
  };
}

/**
 * Both streams go into one file, where the end of one piece and the beginning of the next, each harmless in its stream,
 * may read as a secret: then what completes it becomes stars.
 */
function maskSeams(secrets: SecretPatterns, file: AttemptLog): AttemptLog['write'] {
  const reach = secrets.longest;
  let last: OutputStream | undefined;
  let before: Uint8Array = new Uint8Array(0);
  return (stream, bytes) => {
    const after = stream === last ? 0 : endOfSeam(secrets, before, bytes.subarray(0, reach));
    if (after > 0) file.write(stream, Buffer.from('***'));
    file.write(stream, bytes.subarray(after));
    last = stream;
    const seen = bytes.length >= reach ? bytes : Buffer.concat([before, bytes]);
    before = Uint8Array.prototype.slice.call(seen, Math.max(0, seen.length - reach));
  };
}

/** How many of the bytes `after` belong to a secret that begins in the bytes `before` them. */
function endOfSeam(secrets: SecretPatterns, before: Uint8Array, after: Uint8Array): number {
  if (before.length === 0) return 0;
  const seam = before.length;
  const crossing = findSecretMatches(secrets, Buffer.concat([before, after])).matches.filter(
    ({ start, end }) => start < seam && end > seam,
  );
  return crossing.reduce((most, { end }) => Math.max(most, end - seam), 0);
}
