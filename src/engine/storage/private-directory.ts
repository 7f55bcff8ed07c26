import { chmodSync, mkdirSync, statSync } from 'node:fs';

/**
 * Makes a directory, and those above it, for this user alone, whatever the umask says; one that is there already is
 * closed to everybody else. Throws what the file system throws, also for a directory of another user that we could write
 * to: only its owner can close it, and he could put files of his choice in the place of ours.
 */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if ((statSync(path).mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}
