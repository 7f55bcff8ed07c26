import { writeSync } from 'node:fs';

/**
 * Writes all of `bytes`. A full disk writes a part without an error and fails only at the next call. Without `position` it appends.
 */
export function writeFully(fd: number, bytes: Uint8Array, position?: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(fd, bytes, done, bytes.length - done, position === undefined ? null : position + done);
  }
}
