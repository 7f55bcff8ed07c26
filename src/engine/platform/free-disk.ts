import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withDeadline } from './with-deadline.ts';

/** A file server that is gone does not answer at all. */
const answerWithinMs = 2_000;

/**
 * The bytes that this user may still write at an absolute path, which need not exist yet; undefined when the file system
 * does not answer or cannot tell.
 */
export async function freeDiskBytes(path: string): Promise<number | undefined> {
  return withDeadline(freeAt(path), answerWithinMs, () => undefined);
}

async function freeAt(path: string): Promise<number | undefined> {
  for (let place = path; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      // Of a directory that is yet to be made, the disk is that of the one above.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || place === dirname(place)) return undefined;
    }
  }
}
