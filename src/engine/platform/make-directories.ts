import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are missing. Throws what the file system throws. Node's own recursive form
 * never comes back where a directory exists and takes no entries, such as `/proc`.
 */
export function makeDirectories(path: string, mode = 0o777): void {
  const error = failureToMake(path, mode);
  if (error === undefined) return;
  const above = dirname(path);
  if (error.code !== 'ENOENT' || above === path || isDirectory(above)) throw error;
  makeDirectories(above, mode);
  const second = failureToMake(path, mode);
  if (second !== undefined) throw second;
}

/** Undefined when it is there now; a read-only file system refuses even what is there already. */
function failureToMake(path: string, mode: number): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(path, { mode });
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
