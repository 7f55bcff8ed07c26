import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

const bufferBytes = 0x10000;

/**
 * Calls `onChunk` with what comes until the returned function is called; a chunk is valid during the call only. All chunks
 * share one buffer, so that a task that prints much does not make us allocate as much.
 */
export function readPipe(fd: number, onChunk: (chunk: Uint8Array) => void): () => void {
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafe(bufferBytes),
      callback: (length, bytes) => {
        onChunk(bytes.subarray(0, length));
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
 * Resolves when everything that is in any pipe at this moment has been read: in each iteration the event loop polls all of
 * them, and empties those of usual size (1 MiB at most). Reading them directly would cost more, because reading an empty
 * pipe throws.
 */
export function untilPipesAreRead(): Promise<void> {
  return new Promise((resolve) => {
    // The first runs at the end of this iteration, the second at the end of a complete one.
    setImmediate(() => setImmediate(resolve));
  });
}
