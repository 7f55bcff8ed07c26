import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { OutputFlow } from './output-flow.ts';

const bufferBytes = 0x10000;

/**
 * Calls `onChunk` with what comes until the returned function is called; a chunk is valid during the call only. All chunks
 * share one buffer, so that a task that prints much does not make us allocate as much. Nothing is read while `flow` is closed.
 */
export function readPipe(fd: number, onChunk: (chunk: Uint8Array) => void, flow?: OutputFlow): () => void {
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafe(bufferBytes),
      callback: (length, bytes) => {
        onChunk(bytes.subarray(0, length));
        // Otherwise it pauses.
        return flow?.isOpen() ?? true;
      },
    },
  };
  const socket = new Socket(options);
  socket.on('error', () => undefined);
  socket.resume();
  const forget = flow?.onOpen(() => socket.resume());
  return () => {
    forget?.();
    socket.destroy();
  };
}

/**
 * Resolves when everything that is in any pipe at this moment has been read: in each iteration the event loop polls all of
 * them, and empties those of usual size (1 MiB at most). Reading them directly would cost more, because reading an empty
 * pipe throws.
 */
export function untilPipesAreRead(flow?: OutputFlow): Promise<void> {
  return flow === undefined ? oneIteration() : flow.letThrough(oneIteration);
}

function oneIteration(): Promise<void> {
  return new Promise((resolve) => {
    // The first runs at the end of this iteration, the second at the end of a complete one.
    setImmediate(() => setImmediate(resolve));
  });
}
