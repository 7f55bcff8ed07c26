import { writeSync } from 'node:fs';

/** A standard stream that is a terminal. */
export type TerminalStream = NodeJS.WriteStream & { readonly fd: number };

const retryMs = 10;

/**
 * Writes to a terminal without ever blocking. Node writes to terminals synchronously: one that no longer reads (Ctrl-S, a
 * frozen connection, a stopped multiplexer) would stop every timer of the process, including timeouts and kills. So the
 * terminal is made non-blocking, and bytes that it does not accept are kept here until it does.
 */
export class TerminalOutput {
  /** Called when a terminal that had fallen behind has accepted everything. */
  onIdle: () => void = () => {};
  readonly #fd: number;
  #rest: Uint8Array = new Uint8Array();
  #retry: NodeJS.Timeout | undefined;
  /** The terminal was closed; later output is dropped. */
  #isGone = false;

  constructor(stream: TerminalStream) {
    this.#fd = stream.fd;
    stopBlocking(stream);
  }

  /** Whether the terminal has not yet accepted all bytes. */
  get isBehind(): boolean {
    return this.#rest.length > 0;
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    this.#rest = this.isBehind ? Buffer.concat([this.#rest, bytes]) : bytes;
    this.#push();
    if (this.isBehind) this.#tryLater();
  }

  /**
   * The last output: drops pending bytes, writes `text`, and blocks for at most `patienceMs`. Returns what the terminal has
   * not accepted by then.
   */
  finish(text: string, patienceMs: number): string {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    // CAN ends an unfinished escape sequence.
    this.#rest = Buffer.from(this.isBehind ? `\x18${text}` : text);
    const deadline = performance.now() + patienceMs;
    this.#push();
    while (this.isBehind && performance.now() < deadline) {
      Atomics.wait(pause, 0, 0, retryMs);
      this.#push();
    }
    const left = Buffer.from(this.#rest).toString();
    this.#rest = new Uint8Array();
    return left;
  }

  #push(): void {
    while (this.isBehind) {
      if (this.#isGone) {
        this.#rest = new Uint8Array();
        return;
      }
      try {
        this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
      } catch (error) {
        if (isNotNow(error)) return;
        this.#isGone = true;
      }
    }
  }

  #tryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#push();
      if (this.isBehind) this.#tryLater();
      else this.onIdle();
    }, retryMs).unref();
  }
}

/** Undocumented in Node, but the only way: the file descriptor belongs to the handle of the stream. */
export function stopBlocking(stream: TerminalStream): void {
  (stream as unknown as Handled)._handle?.setBlocking?.(false);
}

type Handled = { readonly _handle?: { setBlocking?(isBlocking: boolean): void } };

const pause = new Int32Array(new SharedArrayBuffer(4));

function isNotNow(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EINTR';
}
