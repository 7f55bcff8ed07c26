import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';

/** One of the program's standard streams. A reader that has gone, or a full disk behind it, never breaks a run. */
export type Output = {
  readonly isTerminal: boolean;
  /** Of the terminal; undefined when there is none, or its size is unknown. */
  readonly columns: number | undefined;
  readonly write: (text: string) => void;
  /** For large amounts: resolves when the reader is ready for more, with false when it has gone. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<boolean>;
  /**
   * Waits until all is written; not for a reader that is gone, nor long for one that no longer reads. Returns why
   * something could not be written, such as a full disk; that a reader has gone is no failure.
   */
  readonly flush: () => Promise<Error | undefined>;
  /** For a command that waits: aborted when its reader has gone, also while nothing is written, or nothing can be written. */
  readonly reader: () => AbortSignal;
};

/** A reader that is this far behind will not come back; the journal has what it misses. */
const maxWaiting = 64 * 1024 * 1024;
const patienceMs = 30_000;
const lookEveryMs = 50;
const maxColumns = 1_000;

export function openOutput(stream: NodeJS.WriteStream & { readonly fd: number }): Output {
  const gone = new AbortController();
  let isLookedAfter = false;
  let isBroken = false;
  let failure: Error | undefined;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isBroken = true;
    if (!isReaderGone(error)) failure ??= error;
    gone.abort();
    wake();
  });
  stream.on('drain', wake).on('close', wake);
  // Node writes to terminals synchronously: one that is stopped (Ctrl-S, a frozen connection) would stop every timer.
  (stream as unknown as { _handle?: { setBlocking?: (blocking: boolean) => void } })._handle?.setBlocking?.(false);
  return {
    isTerminal: stream.isTTY === true,
    // A terminal of unknown size reports 0, and some that are no screens report 65535.
    columns: stream.columns ? Math.min(stream.columns, maxColumns) : undefined,
    write: (text) => {
      if (isBroken || text === '') return;
      if (stream.writableLength > maxWaiting) isBroken = true;
      else stream.write(text);
    },
    writeBytes: async (bytes) => {
      if (!isBroken && !stream.write(bytes)) await new Promise<void>((resolve) => waiting.push(resolve));
      return !isBroken;
    },
    flush: async () => {
      let left = stream.writableLength;
      let deadline = performance.now() + patienceMs;
      while (!isBroken && left > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
        if (stream.writableLength < left) deadline = performance.now() + patienceMs;
        left = stream.writableLength;
      }
      // The refusal of a file comes a moment after the write.
      await new Promise((resolve) => setImmediate(resolve));
      return failure;
    },
    reader: () => {
      if (!isLookedAfter) lookAfterReader(stream.fd, () => gone.abort());
      isLookedAfter = true;
      return gone.signal;
    },
  };
}

/** A pipe whose other end is closed, or a terminal that has hung up. */
function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EIO';
}

/**
 * Node cannot tell that nobody reads a pipe before it writes. `tail -f` of the GNU coreutils looks for that itself, about once
 * a second, and ends by SIGPIPE; where there is another one, the next line that is written tells.
 */
function lookAfterReader(fd: number, onGone: () => void): void {
  if (!fstatSync(fd).isFIFO()) return;
  const tail = spawn('tail', ['-f', `--pid=${process.pid}`, '/dev/null'], { stdio: ['ignore', fd, 'ignore'] });
  tail.on('error', () => undefined).on('exit', (_, signal) => signal === 'SIGPIPE' && onGone());
  tail.unref();
  process.on('exit', () => tail.kill());
}
