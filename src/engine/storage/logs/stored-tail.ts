import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { OutputTail } from '../../ports.ts';
import { noOutput, tailCharacters } from './attempt-log.ts';
import { ByteTail } from './byte-tail.ts';
import { logFiles } from './log-parts.ts';

/** The last of what an attempt of an earlier process printed. Its log does not tell the streams apart; all is said to be of the first. */
export function storedTail(head: string): OutputTail {
  const bytes = lastBytes(logFiles(head).at(-1) ?? head, 3 * tailCharacters);
  if (bytes.length === 0) return noOutput;
  const tail = new ByteTail(tailCharacters);
  tail.append(bytes);
  const merged = tail.text(false);
  return { stdout: merged, stderr: '', merged };
}

/** Nothing when there is no such file. */
function lastBytes(path: string, most: number): Buffer {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.alloc(Math.min(size, most));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, size - bytes.length));
    } finally {
      closeSync(fd);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
