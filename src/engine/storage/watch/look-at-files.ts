import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';
import { marksOf } from '../fs/file-marks.ts';
import type { FileLook } from './change-watch.ts';

/** Looks at some files, each by its absolute path. Rejects when the file system does not answer. */
export async function lookAtFiles(paths: Iterable<string>): Promise<FileLook> {
  const marks = new Map<string, string>();
  const all = [...new Set(paths)];
  await Promise.all(
    all.map(async (path) => {
      try {
        marks.set(path, marksOf(await withFileSystemDeadline(stat(path, { bigint: true }))));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ETIMEDOUT') throw error;
      }
    }),
  );
  return { marks, directories: new Set(all.map((path) => dirname(path))) };
}
