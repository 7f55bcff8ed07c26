import { closeSync, constants, fchmodSync, openSync, readSync } from 'node:fs';
import { type Cap, encodeMark, type Mark, pieceBytes, ringEnd, ringStart } from './capped-layout.ts';
import { writeFully } from '../fs/write-fully.ts';

/**
 * A file that keeps the beginning and the end of what is written to it, with a line between that says how much was
 * dropped. The end goes round in a circle within the file, so that a task may print for days at no cost of memory or
 * disk, and what it printed last survives even our own death; closing the file puts it in order. The line between
 * tells readers at any time where the circle begins.
 * Every method throws what the file system throws.
 */
export class CappedFile {
  readonly #fd: number;
  readonly #cap: Cap;
  #total = 0;

  /** Creates the file, for this user alone; it must not be there yet, not even as a link. */
  constructor(path: string, cap: Cap) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
    fchmodSync(this.#fd, 0o600);
    this.#cap = cap;
  }

  write(bytes: Uint8Array): void {
    const end = ringEnd(this.#cap);
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#total === end) this.#mark({ kind: 'round', total: this.#total });
      const { position, room } = this.#place();
      const part = rest.subarray(0, room);
      writeFully(this.#fd, part, position);
      this.#total += part.length;
      rest = rest.subarray(part.length);
      if (this.#total > end) this.#mark({ kind: 'round', total: this.#total });
    }
  }

  close(): void {
    try {
      if (this.#total > ringEnd(this.#cap)) this.#straighten();
    } finally {
      closeSync(this.#fd);
    }
  }

  /** Where the next byte goes, and how many may go there at once. Up to the end of the ring the file is what was written. */
  #place(): { readonly position: number; readonly room: number } {
    const end = ringEnd(this.#cap);
    if (this.#total < end) return { position: this.#total, room: end - this.#total };
    const turn = (this.#total - end) % this.#cap.tailBytes;
    const room = Math.min(this.#cap.tailBytes - turn, pieceBytes(this.#cap));
    return { position: ringStart(this.#cap) + turn, room };
  }

  #straighten(): void {
    const { headBytes, tailBytes } = this.#cap;
    const start = ringStart(this.#cap);
    const ring = Buffer.allocUnsafeSlow(tailBytes);
    for (let done = 0; done < tailBytes; ) {
      const count = readSync(this.#fd, ring, done, tailBytes - done, start + done);
      if (count === 0) break;
      done += count;
    }
    this.#mark({ kind: 'moving' });
    const oldest = (this.#total - ringEnd(this.#cap)) % tailBytes;
    writeFully(this.#fd, ring.subarray(oldest), start);
    writeFully(this.#fd, ring.subarray(0, oldest), start + tailBytes - oldest);
    this.#mark({ kind: 'ordered', dropped: this.#total - headBytes - tailBytes });
  }

  #mark(mark: Mark): void {
    writeFully(this.#fd, encodeMark(mark), this.#cap.headBytes);
  }
}
