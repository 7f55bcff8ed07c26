/** One of the program's standard streams. A reader that has gone, or a full disk behind it, never breaks a run. */
export type Output = {
  readonly isTerminal: boolean;
  /** Of the terminal; undefined when there is none. */
  readonly columns: number | undefined;
  readonly write: (text: string) => void;
  /** For large amounts: resolves when the reader is ready for more, with false when it has gone. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<boolean>;
  /** Waits until all is written; not for a reader that is gone, nor long for one that no longer reads. */
  readonly flush: () => Promise<void>;
};

/** A reader that is this far behind will not come back; the journal has what it misses. */
const mostWaiting = 64 * 1024 * 1024;
const patienceMs = 30_000;
const lookEveryMs = 50;

export function openOutput(stream: NodeJS.WriteStream): Output {
  let isBroken = false;
  stream.on('error', () => {
    isBroken = true;
  });
  // Node writes to terminals synchronously: one that is stopped (Ctrl-S, a frozen connection) would stop every timer.
  (stream as unknown as { _handle?: { setBlocking?: (blocking: boolean) => void } })._handle?.setBlocking?.(false);
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
    write: (text) => {
      if (isBroken || text === '') return;
      if (stream.writableLength > mostWaiting) isBroken = true;
      else stream.write(text);
    },
    writeBytes: async (bytes) => {
      if (!isBroken && !stream.write(bytes)) {
        await new Promise<void>((resolve) => {
          for (const event of ['drain', 'error', 'close']) stream.once(event, resolve);
        });
      }
      return !isBroken;
    },
    flush: async () => {
      let left = stream.writableLength;
      let deadline = Date.now() + patienceMs;
      while (!isBroken && left > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
        if (stream.writableLength < left) deadline = Date.now() + patienceMs;
        left = stream.writableLength;
      }
    },
  };
}
