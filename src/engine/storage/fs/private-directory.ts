import { chmodSync, lstatSync, statSync } from 'node:fs';
import { makeDirectories } from '../../platform/make-directories.ts';

/**
 * Makes a directory, and those above it, for this user alone, whatever the umask says; one that is there already is
 * closed to everybody else. Throws what the file system throws, also for a directory of another user that we could write
 * to: only its owner can close it, and he could put files of his choice in the place of ours. A symbolic link is not
 * followed. Root may write below a directory of another user, as in a mounted project, if nobody else may.
 */
export function makePrivateDirectory(path: string): void {
  makeDirectories(path);
  const found = lstatSync(path);
  if (found.isSymbolicLink()) throw refusal('ELOOP', path);
  if (process.geteuid?.() === 0 && found.uid !== 0) {
    if ((found.mode & 0o022) !== 0) throw refusal('EUNSAFE', path);
    return;
  }
  if ((found.mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}

/**
 * Makes sure that nobody can exchange what we make in the log directory: it may be open to others, but then it is ours or
 * root's. Throws what the file system throws.
 */
export function makeLogDirectory(path: string): void {
  makeDirectories(path);
  const { uid, mode } = statSync(path);
  const isTrusted = uid === 0 || uid === (process.geteuid?.() ?? uid);
  if (!isTrusted && (mode & 0o002) !== 0) throw refusal('EUNSAFE', path);
}

/** An error of the same form as those of the file system. */
function refusal(code: 'ELOOP' | 'EUNSAFE', path: string): Error {
  return Object.assign(new Error(`${code}: not ours: ${path}`), { code });
}
