import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type ProxyServer = {
  readonly port: number;
  /** What it was asked for: `GET http://host/path` or `CONNECT host:443`, with the credentials that came along. */
  readonly requests: readonly { readonly request: string; readonly credentials: string | undefined }[];
  close(): Promise<void>;
};

/** A forwarding proxy on loopback; every host that it is asked for is on `target`. `refusal` is what it answers instead. */
export async function startProxy(target: string, refusal?: number): Promise<ProxyServer> {
  const asked: { request: string; credentials: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const note = ({ method, url, headers }: IncomingMessage) => {
    const basic = headers['proxy-authorization']?.replace(/^Basic /, '');
    const credentials = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString();
    asked.push({ request: `${method} ${url}`, credentials });
  };
  const server = createServer(async (request, response) => {
    note(request);
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    const { pathname, search } = new URL(request.url ?? '/');
    const answer = await fetch(`${target}${pathname}${search}`);
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  server.on('connect', (request, socket) => {
    note(request);
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
    const { port } = new URL(target);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests: asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
