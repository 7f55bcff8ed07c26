import { closeSync, constants, fchmodSync, openSync, readSync } from 'node:fs';
import { writeFully } from './write-fully.ts';

/** How much is kept of the beginning and of the end, in bytes. */
export type Cap = { readonly headBytes: number; readonly tailBytes: number };

const markBytes = 96;

/**
 * A file that keeps the beginning and the end of what is written to it, with a line between that says how much was
 * dropped. The end goes round in a circle within the file, so that a task may print for days at no cost of memory or
 * disk, and what it printed last survives even our own death; closing the file puts it in order.
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
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#total === this.#ringEnd)
        this.#mark('the output went round in a circle: what comes next is out of order');
      const { position, room } = this.#place();
      const part = rest.subarray(0, room);
      writeFully(this.#fd, part, position);
      this.#total += part.length;
      rest = rest.subarray(part.length);
    }
  }

  close(): void {
    try {
      if (this.#total > this.#ringEnd) this.#straighten();
    } finally {
      closeSync(this.#fd);
    }
  }

  get #ringStart(): number {
    return this.#cap.headBytes + markBytes;
  }

  get #ringEnd(): number {
    return this.#ringStart + this.#cap.tailBytes;
  }

  /** Where the next byte goes, and how many fit from there on. Up to the end of the ring the file is what was written. */
  #place(): { readonly position: number; readonly room: number } {
    if (this.#total < this.#ringEnd) return { position: this.#total, room: this.#ringEnd - this.#total };
    const turn = (this.#total - this.#ringEnd) % this.#cap.tailBytes;
    return { position: this.#ringStart + turn, room: this.#cap.tailBytes - turn };
  }

  #straighten(): void {
    const { headBytes, tailBytes } = this.#cap;
    const ring = Buffer.allocUnsafeSlow(tailBytes);
    for (let done = 0; done < tailBytes; ) {
      const count = readSync(this.#fd, ring, done, tailBytes - done, this.#ringStart + done);
      if (count === 0) break;
      done += count;
    }
    const oldest = (this.#total - this.#ringEnd) % tailBytes;
    writeFully(this.#fd, ring.subarray(oldest), this.#ringStart);
    writeFully(this.#fd, ring.subarray(0, oldest), this.#ringStart + tailBytes - oldest);
    this.#mark(`${this.#total - headBytes - tailBytes} bytes dropped`);
  }

  /** A line of fixed length between the beginning and the end. */
  #mark(words: string): void {
    const line = Buffer.from(`\n… ${words} …\n`);
    const mark = Buffer.alloc(markBytes, ' ');
    mark.set(line.subarray(0, -1));
    mark[markBytes - 1] = 0x0a;
    writeFully(this.#fd, mark, this.#cap.headBytes);
  }
}
