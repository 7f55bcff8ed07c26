import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

const bufferBytes = 0x10000;

/**
 * Calls `take` with what comes until the returned function is called; a chunk is valid during the call only. All goes
 * through one buffer, because a chatty task would otherwise have us allocate as much as it prints.
 */
export function readPipe(fd: number, take: (chunk: Uint8Array) => void): () => void {
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafe(bufferBytes),
      callback: (length, bytes) => {
        take(bytes.subarray(0, length));
        return true;
      },
    },
  };
  const socket = new Socket(options);
  socket.on('error', () => undefined);
  socket.resume();
  return () => void socket.destroy();
}

/**
 * Resolves when everything that is in any pipe at this moment has been taken: the event loop looks at all of them once a
 * round, and empties those that are no larger than usual (1 MiB at most). Reading on our own would be dearer, because
 * an empty pipe is an exception.
 */
export function untilPipesAreRead(): Promise<void> {
  return new Promise((resolve) => {
    // The first comes at the end of this round, the second at the end of a whole one.
    setImmediate(() => setImmediate(resolve));
  });
}
