import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { findMatches, isPattern } from '../../storage/fs/find-matches.ts';

/**
 * Whether there is a file or directory at `path`, which may be a pattern; a relative one counts from `directory`. Never
 * rejects; does not resolve as long as the file system does not answer.
 */
export async function isFileThere(directory: string, path: string): Promise<boolean> {
  if (!isPattern(path)) return isThere(resolve(directory, path));
  const root = isAbsolute(path) ? '/' : directory;
  for (const match of await findMatches(root, path)) if (await isThere(match)) return true;
  return false;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
