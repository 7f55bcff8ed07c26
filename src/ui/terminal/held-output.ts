/** Releases the streams, calls `first`, and writes the held output in order. */
export type Release = (first: () => void) => void;

const maxHeld = 1_000;

/**
 * Holds back other output to `streams` (of a library, a warning of Node), because it would be drawn across the screen. Keeps
 * the newest thousand writes.
 */
export function holdOutput(streams: readonly NodeJS.WriteStream[]): Release {
  const held: (() => void)[] = [];
  const hold = (write: () => void): void => {
    held.push(write);
    if (held.length > maxHeld) held.shift();
  };
  const givesBack = [...streams.map((stream) => holdStream(stream, hold)), holdWarnings(hold)];
  return (first) => {
    for (const giveBack of givesBack) giveBack();
    first();
    for (const write of held) write();
  };
}

function holdStream(stream: NodeJS.WriteStream, hold: (write: () => void) => void): () => void {
  const { write } = stream;
  const hasOwn = Object.hasOwn(stream, 'write');
  const keep = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : undefined;
    const copy = typeof chunk === 'string' ? chunk : Uint8Array.from(chunk);
    hold(() => stream.write(copy, encoding));
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(done as () => void);
    return true;
  };
  stream.write = keep;
  return () => {
    if (hasOwn) stream.write = write;
    else Reflect.deleteProperty(stream, 'write');
  };
}

/** Node prints warnings without the stream. */
function holdWarnings(hold: (write: () => void) => void): () => void {
  const listeners = process.listeners('warning');
  const keep = (warning: Error): void => hold(() => process.emit('warning', warning));
  process.removeAllListeners('warning');
  process.on('warning', keep);
  return () => {
    process.off('warning', keep);
    for (const listener of listeners) process.on('warning', listener);
  };
}
