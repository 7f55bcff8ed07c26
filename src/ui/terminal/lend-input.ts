import type { ReadStream } from 'node:tty';

/** Keeps our hands off the keyboard until `use` is done: somebody else reads it, and Ink would take every second key. */
export async function lendInput<T>(stdin: ReadStream, use: () => Promise<T>): Promise<T> {
  const readers = stdin.listeners('readable') as (() => void)[];
  stdin.removeAllListeners('readable');
  stdin.pause();
  try {
    return await use();
  } finally {
    for (const reader of readers) stdin.on('readable', reader);
  }
}
