import { readSync } from 'node:fs';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

const bufferBytes = 0x10000;
/** No pipe of a usual kernel holds more; what comes beyond was written after the attempt had ended. */
const mostInAPipeBytes = 0x100000;

export type PipeReader = {
  /** Takes what is in the pipe at this moment, instead of when the event loop gets there. */
  drain(): void;
  close(): void;
};

/**
 * Calls `take` with what comes; a chunk is valid during the call only. All goes through one buffer, because a chatty
 * task would otherwise have us allocate as much as it prints.
 */
export function readPipe(fd: number, take: (chunk: Uint8Array) => void): PipeReader {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let open = true;
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (length, bytes) => {
        take(bytes.subarray(0, length));
        return true;
      },
    },
  };
  const socket = new Socket(options);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    open = false;
  });
  socket.resume();
  return {
    drain: () => {
      for (let total = 0; open && total < mostInAPipeBytes; ) {
        const length = readNow(fd, buffer);
        if (length === 0) return;
        take(buffer.subarray(0, length));
        total += length;
      }
    },
    close: () => {
      open = false;
      socket.destroy();
    },
  };
}

/** The pipe does not block: when it is empty, reading is an error, which is no news. */
function readNow(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch {
    return 0;
  }
}
