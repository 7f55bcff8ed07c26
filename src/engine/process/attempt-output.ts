import type { TaskId } from '../model/ids.ts';
import type { OutputLog, OutputStream, OutputTail } from '../ports.ts';
import { maskStream } from './mask-stream.ts';
import type { SecretPatterns } from './secret-patterns.ts';

/** The way of an attempt's output into its log. */
export type AttemptOutput = {
  take(stream: OutputStream, chunk: Uint8Array): void;
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
  const masks = {
    stdout: maskStream(secrets, (bytes) => file.write('stdout', bytes)),
    stderr: maskStream(secrets, (bytes) => file.write('stderr', bytes)),
  };
  let silent = true;
  return {
    take: (stream, chunk) => {
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
