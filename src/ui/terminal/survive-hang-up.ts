import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

type StandardStream = (NodeJS.ReadStream | NodeJS.WriteStream) & { readonly fd: number };

/**
 * Lets the process end in its own way after its terminal was closed. Reading and writing fail then, which nobody has to
 * hear of; and Node 20 aborts at its exit when it cannot put a terminal back into the mode in which it was found, unless
 * there is none any more.
 */
export function surviveHangUp(streams: readonly StandardStream[]): void {
  const terminals = streams.filter((stream) => stream.isTTY);
  for (const terminal of terminals) terminal.on('error', () => undefined);
  process.on('exit', () => {
    for (const { fd } of terminals) if (!isatty(fd)) close(fd);
  });
}

function close(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // It is closed already.
  }
}
