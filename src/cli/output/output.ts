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
};

/** A reader that is this far behind will not come back; the journal has what it misses. */
const maxWaiting = 64 * 1024 * 1024;
const patienceMs = 30_000;
const lookEveryMs = 50;
const maxColumns = 1_000;

export function openOutput(stream: NodeJS.WriteStream): Output {
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
  };
}

/** A pipe whose other end is closed, or a terminal that has hung up. */
function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EIO';
}
