import { formatSize } from '../model/text/format-size.ts';
import type { AttemptObserver, OutputStream } from '../ports.ts';

/** What is kept of an attempt in the queue: its beginning, and its end. */
const headBytes = 64 * 0x100000;
const tailBytes = 0x100000;

type Piece = { readonly stream: OutputStream; readonly data: Uint8Array };

/** Passes on the first 64 MiB of an output at once, and at `end` the last MiB of the rest, with a line that says what is missing. */
export function capOutput(write: AttemptObserver['output']) {
  let passed = 0;
  let tail: Piece[] = [];
  let held = 0;
  let dropped = 0;
  return {
    write: (stream: OutputStream, chunk: Uint8Array) => {
      if (passed < headBytes) {
        passed += chunk.length;
        write(stream, chunk);
        return;
      }
      tail.push({ stream, data: Uint8Array.prototype.slice.call(chunk) });
      held += chunk.length;
      while (held - (tail[0]?.data.length ?? 0) >= tailBytes) {
        const size = tail.shift()!.data.length;
        held -= size;
        dropped += size;
      }
    },
    end: () => {
      if (dropped > 0)
        write('stderr', Buffer.from(`\netl-tui: ${formatSize(dropped)} of the output are left out here\n`));
      for (const { stream, data } of tail) write(stream, data);
      tail = [];
    },
  };
}
