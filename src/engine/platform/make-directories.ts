import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a directory and its missing parents, for this user alone unless a mode says otherwise, and usable whatever
 * the umask is. Throws the error of the file system. `mkdirSync` with `recursive` is not used because it loops for ever
 * below a directory that accepts no entries, such as `/proc`.
 */
export function makeDirectories(path: string, mode = 0o700): void {
  const error = tryToMake(path, mode);
  if (error === undefined) return;
  const above = dirname(path);
  if (error.code !== 'ENOENT' || above === path || isDirectory(above)) throw error;
  makeDirectories(above, mode);
  const second = tryToMake(path, mode);
  if (second !== undefined) throw second;
}

/** Undefined when the directory exists now. A read-only file system reports EROFS even for an existing one. */
function tryToMake(path: string, mode: number): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(path, { mode });
    // A umask may also take the rights of the user.
    if ((statSync(path).mode & 0o700) !== 0o700) chmodSync(path, mode);
    return undefined;
  } catch (error) {
    return isDirectory(path) ? undefined : (error as NodeJS.ErrnoException);
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
