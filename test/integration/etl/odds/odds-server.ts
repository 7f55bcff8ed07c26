import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Send this much of the body and break the connection off. */
  readonly breakAfter?: number;
  /** Held back until it resolves. */
  readonly after?: Promise<void>;
};

export type OddsServer = { readonly url: string; readonly requests: readonly URL[]; close(): Promise<void> };

/** A loopback server that answers each request with what `answer` says; it remembers what it was asked. */
export async function startOddsServer(answer: (url: URL, nth: number) => Answer, port = 0): Promise<OddsServer> {
  const asked: URL[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const { status = 200, headers = {}, body = '', breakAfter, after } = answer(url, asked.push(url));
    await after;
    const text = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
    const bytes = Buffer.from(text);
    response.writeHead(status, { 'content-length': bytes.length, ...headers });
    if (breakAfter === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, breakAfter), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    requests: asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One event with the three usual markets at two books, as the API writes it. */
export function oddsEvent(id: string, away: string, home: string, commenceTime: string) {
  const market = (key: string, outcomes: readonly object[]) => ({ key, last_update: commenceTime, outcomes });
  const markets = [
    market('h2h', [
      { name: away, price: 120 },
      { name: home, price: -140 },
    ]),
    market('spreads', [
      { name: away, price: -110, point: 2.5 },
      { name: home, price: -110, point: -2.5 },
    ]),
    market('totals', [
      { name: 'Over', price: -105, point: 44.5 },
      { name: 'Under', price: -115, point: 44.5 },
    ]),
  ];
  const book = (key: string) => ({ key, title: key, last_update: '2022-09-11T11:50:00Z', markets });
  return {
    id,
    sport_key: 'americanfootball_nfl',
    commence_time: commenceTime,
    home_team: home,
    away_team: away,
    bookmakers: [book('first_book'), book('second_book')],
  };
}
