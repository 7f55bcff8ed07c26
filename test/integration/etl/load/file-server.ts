import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FileServer = {
  /** The variables by which a task finds it. */
  readonly env: Readonly<Record<string, string>>;
  /** What is served from now on, by the end of its path. */
  put(files: Readonly<Record<string, string | Buffer>>): void;
  close(): Promise<void>;
};

/** Serves whatever a test puts there, under nflverse's paths. */
export async function startFileServer(): Promise<FileServer> {
  let files: Readonly<Record<string, string | Buffer>> = {};
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1);
    const body = files[path];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: { NFLVERSE_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ETL_PARAM_SEASONS: '2023' },
    put: (given) => {
      files = given;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
