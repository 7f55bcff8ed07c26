import { createServer, connect as dial, type Socket } from 'node:net';

export type SilentProxy = {
  readonly url: string;
  /** From now on nothing passes, and no connection is closed. */
  fallSilent(): void;
  speak(): void;
  /** Resolves when `text` passes to the server. */
  isAsked(text: string): Promise<void>;
  /** Breaks the connection on which `text` comes first. */
  breakWhenAsked(text: string): void;
  close(): void;
};

/** Stands between a program and the server of this address. */
export async function openSilentProxy({ hostname, port, username, password, pathname }: URL): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  const waiting = new Map<string, () => void>();
  let breaking: string | undefined;
  let isSilent = false;
  const server = createServer((client) => {
    const target = dial(Number(port), hostname);
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => isSilent || to.destroy());
      from.on('data', (chunk) => {
        if (isSilent) return;
        const text = from === client ? chunk.toString('latin1') : '';
        if (breaking !== undefined && text.includes(breaking)) {
          breaking = undefined;
          from.destroy();
          return;
        }
        to.write(chunk);
        for (const [wanted, tell] of waiting) if (text.includes(wanted)) tell();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as { port: number }).port;
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${own}${pathname}`,
    fallSilent: () => {
      isSilent = true;
    },
    speak: () => {
      isSilent = false;
    },
    isAsked: (text) => new Promise((resolve) => waiting.set(text, resolve)),
    breakWhenAsked: (text) => {
      breaking = text;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
