import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

type StandardStream = (NodeJS.ReadStream | NodeJS.WriteStream) & { readonly fd: number };

/**
 * Lets the process end in an orderly way after its terminal was closed. Errors of reading and writing are then ignored; and
 * the terminal is closed, because Node 20 aborts at exit when it cannot restore the mode of an open one.
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
    // It was closed before.
  }
}
