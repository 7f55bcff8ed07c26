import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withDeadline } from './with-deadline.ts';

/** A file server that is gone does not answer at all. */
const answerWithinMs = 2_000;

export type FreeDisk = {
  /** What this user may still write. */
  readonly freeBytes: number;
  /** The number of the file system: equal for two paths on the same one, absent where the system tells none. */
  readonly device: number | undefined;
};

/**
 * The file system that an absolute path is on, which need not exist yet; undefined when it does not answer or cannot
 * tell what is free.
 */
export async function freeDisk(path: string): Promise<FreeDisk | undefined> {
  return withDeadline(freeAt(path), answerWithinMs, () => undefined);
}

async function freeAt(path: string): Promise<FreeDisk | undefined> {
  for (let place = path; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      const found = await stat(place).catch(() => undefined);
      return { freeBytes: bavail * bsize, device: found?.dev };
    } catch (error) {
      // Of a directory that is yet to be made, the disk is that of the one above.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || place === dirname(place)) return undefined;
    }
  }
}
