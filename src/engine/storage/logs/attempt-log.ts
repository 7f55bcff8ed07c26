import type { EpochMs } from '../../model/ids.ts';
import type { AttemptLog, OutputStream, OutputTail } from '../../ports.ts';
import { ByteTail } from './byte-tail.ts';
import type { CappedLog } from './capped-log.ts';
import type { StampLog } from './stamps/stamp-log.ts';

export const noOutput: OutputTail = { stdout: '', stderr: '', merged: '' };

export const tailCharacters = 4000;
const batchBytes = 0x4000;

/** Where an output is stored, and when it came. */
export type StoredOutput = { readonly file: CappedLog; readonly stamps: StampLog };

export type AttemptLogFile = {
  /** Called with the first output; undefined when there can be no file. */
  readonly create: () => StoredOutput | undefined;
  readonly now: () => EpochMs;
  /** Called once, when the file cannot be written any more. */
  readonly onWarning: (error: unknown) => void;
  /** Called when there is output to be flushed. */
  readonly waiting: () => void;
  readonly closed: (tail: OutputTail) => void;
};

/** One attempt's output: its end in memory, all of it to a file, small pieces several at a time. */
export class FileAttemptLog implements AttemptLog {
  readonly #on: AttemptLogFile;
  #stored: StoredOutput | undefined;
  #tails: { readonly [stream in OutputStream | 'merged']: ByteTail } | undefined;
  #batch: Buffer | undefined;
  #batched = 0;
  #closed = false;

  constructor(on: AttemptLogFile) {
    this.#on = on;
  }

  write(stream: OutputStream, chunk: Uint8Array): void {
    if (this.#closed || chunk.length === 0) return;
    const tails = this.#tails ?? this.#begin();
    tails[stream].append(chunk);
    tails.merged.append(chunk);
    if (this.#stored === undefined) return;
    this.#stored.stamps.add(stream, chunk.length, this.#on.now());
    if (chunk.length > batchBytes / 2) {
      this.#stored.stamps.flushSometimes();
      this.#writeBatch();
      this.#attempt(({ file }) => file.write(chunk));
      this.#on.waiting();
      return;
    }
    if (this.#batched + chunk.length > batchBytes) this.flush();
    this.#batch ??= Buffer.allocUnsafe(batchBytes);
    this.#batch.set(chunk, this.#batched);
    if (this.#batched === 0) this.#on.waiting();
    this.#batched += chunk.length;
  }

  flush(): void {
    this.#stored?.stamps.flush();
    this.#writeBatch();
  }

  #writeBatch(): void {
    const bytes = this.#batch?.subarray(0, this.#batched);
    this.#batched = 0;
    if (bytes !== undefined && bytes.length > 0) this.#attempt(({ file }) => file.write(bytes));
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#attempt(({ file, stamps }) => {
      stamps.close();
      file.close();
    });
    this.#closed = true;
    this.#stored = undefined;
    this.#on.closed(this.tail());
  }

  tail(): OutputTail {
    if (this.#tails === undefined) return noOutput;
    const open = !this.#closed;
    const stdout = this.#tails.stdout.text(open);
    const stderr = this.#tails.stderr.text(open);
    // Most tasks use one stream only, and thousands of tails are held in memory.
    const merged = stderr === '' ? stdout : stdout === '' ? stderr : this.#tails.merged.text(open);
    return { stdout, stderr, merged };
  }

  #begin() {
    this.#stored = this.#on.create();
    this.#tails = {
      stdout: new ByteTail(tailCharacters),
      stderr: new ByteTail(tailCharacters),
      merged: new ByteTail(tailCharacters),
    };
    return this.#tails;
  }

  #attempt(action: (stored: StoredOutput) => void): void {
    if (this.#stored === undefined) return;
    try {
      action(this.#stored);
    } catch (error) {
      this.#abandon();
      this.#on.onWarning(error);
    }
  }

  #abandon(): void {
    const stored = this.#stored;
    this.#stored = undefined;
    try {
      stored?.stamps.close();
      stored?.file.close();
    } catch {
      // The error that led here is reported by `onWarning`.
    }
  }
}
