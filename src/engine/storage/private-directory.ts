import { chmodSync, mkdirSync, statSync } from 'node:fs';

/**
 * Makes a directory, and those above it, for this user alone, whatever the umask says; one that is there already is
 * closed to everybody else. Throws what the file system throws, and EPERM for a directory that somebody else owns:
 * its owner could put files of his choice in the place of ours.
 */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(path);
  const ourUid = process.getuid?.() ?? uid;
  if (uid !== ourUid && ourUid !== 0) {
    throw Object.assign(new Error('the directory belongs to another user'), { code: 'EPERM' });
  }
  if ((mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}
