import { writeSync } from 'node:fs';

/**
 * Writes all of `bytes`. A full disk first takes a part without an error and says so at the next call only, so that
 * one call proves nothing. Without `position` it appends.
 */
export function writeFully(fd: number, bytes: Uint8Array, position?: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(fd, bytes, done, bytes.length - done, position === undefined ? null : position + done);
  }
}
