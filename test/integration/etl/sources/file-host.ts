import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FileHost = {
  readonly url: string;
  /** What was asked, in order. */
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
};

/** A loopback server that answers each request as `answer` does; `nth` counts from 1. */
export async function startFileHost(
  answer: (response: ServerResponse, request: IncomingMessage, nth: number) => void,
): Promise<FileHost> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => answer(response, request, asked.push(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
