import { setImmediate as turn } from 'node:timers/promises';
import type { ReadStream } from 'node:tty';

/** Keeps our hands off the keyboard until `use` is done: two that read it would get every second key. */
export async function lendInput<T>(stdin: ReadStream, use: () => Promise<T>): Promise<T> {
  const readers = stdin.listeners('readable') as (() => void)[];
  stdin.removeAllListeners('readable');
  // The stream hears of its lost readers in the next turn; before, and after one turn more, it still reads.
  await turn();
  stdin.pause();
  await turn();
  try {
    return await use();
  } finally {
    for (const reader of readers) stdin.on('readable', reader);
  }
}
