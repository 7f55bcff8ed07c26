import { chmodSync, closeSync, constants, fchmodSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';

/**
 * Opens a file that only this user can read and write, whatever the umask says, and makes it when it is missing. Throws what
 * the file system throws. A symbolic link is not followed, and a pipe that nobody reads is not waited for.
 * @param flags such as O_WRONLY with O_EXCL, O_APPEND or O_TRUNC
 */
export function openPrivateFile(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    fchmodSync(fd, 0o600);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Writes the text into such a file: into a new one, or in place of what is there. */
export function writePrivateFile(path: string, text: string, into: 'new' | 'any'): void {
  const fd = openPrivateFile(path, constants.O_WRONLY | (into === 'new' ? constants.O_EXCL : constants.O_TRUNC));
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** A new directory for this user alone, whatever the umask says; its path is `prefix` and six random characters. */
export function makeTemporaryDirectory(prefix: string): string {
  const path = mkdtempSync(prefix);
  chmodSync(path, 0o700);
  return path;
}
