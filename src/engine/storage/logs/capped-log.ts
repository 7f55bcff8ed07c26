import { closeSync, constants, rmSync } from 'node:fs';
import { openPrivateFile } from '../../platform/private-files.ts';
import { writeFully } from '../fs/write-fully.ts';
import { longestLine } from './log-lines.ts';
import { type LogCap, tailFilePath } from './log-parts.ts';

/** Is told which files there are. */
export type LogFilesListener = {
  /** Another file has begun, with the output from byte `start` on. */
  opened(path: string, start: number): void;
  dropped(path: string): void;
};

/**
 * Writes an output to its head file and, beyond the cap, to tail files of which only the newest are stored (`LogPart`). A
 * file ends behind a line feed, so that every file consists of whole lines; only a line of more than 64 KiB is divided.
 * Nothing is ever moved or overwritten: what a killed writer leaves is complete and in order.
 * Every method throws what the file system throws.
 */
export class CappedLog {
  readonly #head: string;
  readonly #cap: LogCap;
  readonly #listener: LogFilesListener | undefined;
  readonly #tail: string[] = [];
  #fd: number;
  /** Size of the current file. */
  #size = 0;
  /** Size of all files before the current one, deleted ones included. */
  #start = 0;
  #isFull = false;

  /** Creates the head file, for this user alone; it must not exist yet, not even as a link. */
  constructor(head: string, cap: LogCap, listener?: LogFilesListener) {
    this.#head = head;
    this.#cap = cap;
    this.#listener = listener;
    this.#fd = createFile(head);
  }

  write(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#isFull) this.#openTailFile();
      const end = this.#endOfFile(rest);
      const part = rest.subarray(0, end);
      writeFully(this.#fd, part);
      this.#size += part.length;
      this.#isFull = end !== undefined;
      rest = rest.subarray(part.length);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** How many of the bytes still belong to the current file; undefined when all do, and more may follow. */
  #endOfFile(bytes: Uint8Array): number | undefined {
    const limit = this.#tail.length === 0 ? this.#cap.headBytes : this.#cap.tailFileBytes;
    const room = limit - this.#size;
    if (bytes.length < room) return undefined;
    const lineEnd = bytes.indexOf(0x0a, Math.max(0, room - 1)) + 1;
    const end = Math.min(lineEnd === 0 ? Number.POSITIVE_INFINITY : lineEnd, room + longestLine);
    return end <= bytes.length ? end : undefined;
  }

  #openTailFile(): void {
    if (this.#tail.length === this.#cap.tailFiles) {
      const oldest = this.#tail.shift()!;
      rmSync(oldest, { force: true });
      this.#listener?.dropped(oldest);
    }
    const start = this.#start + this.#size;
    const path = tailFilePath(this.#head, start);
    const fd = createFile(path);
    closeSync(this.#fd);
    this.#tail.push(path);
    [this.#fd, this.#start, this.#size, this.#isFull] = [fd, start, 0, false];
    this.#listener?.opened(path, start);
  }
}

function createFile(path: string): number {
  return openPrivateFile(path, constants.O_WRONLY | constants.O_EXCL | constants.O_APPEND);
}
