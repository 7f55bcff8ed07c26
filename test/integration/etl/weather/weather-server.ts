import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type WeatherServer = { readonly url: string; readonly requests: readonly string[]; close(): Promise<void> };

/** A loopback server; `answer` gives the body for a path and query, a status, or undefined for 404. */
export async function startWeatherServer(
  answer: (path: string) => Buffer | string | number | undefined,
): Promise<WeatherServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const body = answer(path);
    if (body === undefined || typeof body === 'number') {
      response.writeHead(body ?? 404).end('no');
      return;
    }
    response.writeHead(200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Hour = {
  /** Like 2018-09-09T17. */
  readonly at: string;
  readonly temp?: number;
  readonly wind?: number;
  /** Where the temperature and the wind are from; `isd_lite` when left out. */
  readonly source?: string;
  readonly humidity?: string;
};

/** A bulk file as Meteostat publishes it: one row an hour, each value followed by where it is from. */
export function stationFile(hours: readonly Hour[]): Buffer {
  const header =
    'year,month,day,hour,temp,temp_source,rhum,rhum_source,prcp,prcp_source,snwd,snwd_source,wdir,wdir_source,wspd,wspd_source,pres,pres_source';
  const rows = hours.map(({ at, temp, wind, source = 'isd_lite', humidity = '61' }) => {
    const [, year, month, day, hour] = /^(\d+)-(\d+)-(\d+)T(\d+)$/.exec(at) ?? [];
    const when = [year, month, day, hour].map(Number).join(',');
    return `${when},${temp ?? ''},${source},${humidity},isd_lite,0.3,isd_lite,,,270,isd_lite,${wind ?? 12.6},${source},1016.2,isd_lite`;
  });
  return gzipSync([header, ...rows, ''].join('\n'));
}
