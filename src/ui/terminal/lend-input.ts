import { setImmediate as turn } from 'node:timers/promises';
import type { ReadStream } from 'node:tty';

/** Stops reading input until `use` is done: of two readers each would get every second key. */
export async function lendInput<T>(stdin: ReadStream, use: () => Promise<T>): Promise<T> {
  const readers = stdin.listeners('readable') as (() => void)[];
  stdin.removeAllListeners('readable');
  // A stream stops reading only two turns of the event loop after it has lost its listeners.
  await turn();
  stdin.pause();
  await turn();
  try {
    return await use();
  } finally {
    for (const reader of readers) stdin.on('readable', reader);
  }
}
