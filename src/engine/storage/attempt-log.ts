import type { AttemptLog, OutputStream, OutputTail } from '../ports.ts';
import { ByteTail } from './byte-tail.ts';
import type { CappedFile } from './capped-file.ts';

export const noOutput: OutputTail = { stdout: '', stderr: '', merged: '' };

const tailCharacters = 4000;
const batchBytes = 0x4000;

export type AttemptLogEvents = {
  /** The file cannot be written any more; called once. */
  readonly complain: (error: unknown) => void;
  /** Output waits to be flushed. */
  readonly waiting: () => void;
  readonly closed: (tail: OutputTail) => void;
};

/** One attempt's output: its end in memory, all of it to a file if there is one, small pieces several at a time. */
export class FileAttemptLog implements AttemptLog {
  readonly #events: AttemptLogEvents;
  #file: CappedFile | undefined;
  #tails: { readonly [stream in OutputStream | 'merged']: ByteTail } | undefined;
  #batch: Buffer | undefined;
  #batched = 0;
  #closed = false;

  constructor(file: CappedFile | undefined, events: AttemptLogEvents) {
    this.#file = file;
    this.#events = events;
  }

  write(stream: OutputStream, chunk: Uint8Array): void {
    if (this.#closed || chunk.length === 0) return;
    this.#tails ??= {
      stdout: new ByteTail(tailCharacters),
      stderr: new ByteTail(tailCharacters),
      merged: new ByteTail(tailCharacters),
    };
    this.#tails[stream].append(chunk);
    this.#tails.merged.append(chunk);
    if (this.#file === undefined) return;
    if (chunk.length > batchBytes / 2) {
      this.flush();
      this.#attempt((file) => file.write(chunk));
      return;
    }
    if (this.#batched + chunk.length > batchBytes) this.flush();
    this.#batch ??= Buffer.allocUnsafe(batchBytes);
    this.#batch.set(chunk, this.#batched);
    if (this.#batched === 0) this.#events.waiting();
    this.#batched += chunk.length;
  }

  flush(): void {
    const bytes = this.#batch?.subarray(0, this.#batched);
    this.#batched = 0;
    if (bytes !== undefined && bytes.length > 0) this.#attempt((file) => file.write(bytes));
  }

  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#attempt((file) => file.close());
    this.#closed = true;
    this.#file = undefined;
    this.#events.closed(this.text());
  }

  text(): OutputTail {
    if (this.#tails === undefined) return noOutput;
    const open = !this.#closed;
    const stdout = this.#tails.stdout.text(open);
    const stderr = this.#tails.stderr.text(open);
    // Most tasks use one stream only, and thousands of their tails are kept.
    const merged = stderr === '' ? stdout : stdout === '' ? stderr : this.#tails.merged.text(open);
    return { stdout, stderr, merged };
  }

  #attempt(action: (file: CappedFile) => void): void {
    if (this.#file === undefined) return;
    try {
      action(this.#file);
    } catch (error) {
      this.#abandon();
      this.#events.complain(error);
    }
  }

  #abandon(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      file?.close();
    } catch {
      // What made it fail has been told, or is told now.
    }
  }
}
