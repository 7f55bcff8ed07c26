import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LEAGUE, type League, leagueName } from '../league.ts';
import { openOddsAnswers } from '../odds-answer.ts';
import { answerRequest, SAMPLE_ODDS_KEY, type Site } from './answer-request.ts';
import { openFileCache } from './file-cache.ts';
import { type Fault, takeFault } from './sample-faults.ts';
import { latencyOf, openRateLimit, type SampleRates } from './sample-rates.ts';

export type SampleServerOptions = {
  /** Where generated files are kept; shared by all processes. */
  readonly cacheDir: string;
  readonly league?: Partial<League>;
  /** 0 for any free port. */
  readonly port?: number;
  readonly rates?: SampleRates;
  readonly faults?: readonly Fault[];
};

export type SampleServer = {
  /** Base addresses; below them, paths are those of the live sources. */
  readonly addresses: {
    readonly nflverse: string;
    readonly odds: string;
    readonly meteostat: string;
    readonly openMeteo: string;
  };
  readonly oddsApiKey: string;
  close(): Promise<void>;
};

/**
 * Serves the generated league on loopback under the live sources' paths: redirects, ETags, zipped files, quotas. It
 * starts at once; a file is generated when it is first asked for.
 */
export async function startSampleServer(options: SampleServerOptions): Promise<SampleServer> {
  const league = { ...DEFAULT_LEAGUE, ...options.league };
  const cache = openFileCache(join(options.cacheDir, leagueName(league)));
  const rates = options.rates ?? {};
  const site: Site = {
    league,
    cache,
    odds: openOddsAnswers(league),
    bytesPerSecond: rates.bytesPerSecond,
    admitsOdds: openRateLimit(rates.oddsPerSecond).admits,
    used: 0,
  };
  const faults = (options.faults ?? []).map((fault) => ({ ...fault }));
  const server = createServer((request, response) => {
    const answering = async () => {
      const path = request.url ?? '/';
      const latencyMs = latencyOf(path, rates);
      if (latencyMs > 0) await sleep(latencyMs);
      const fault = takeFault(faults, path);
      if (fault?.kind === 'status') {
        const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
        response.writeHead(fault.status, headers).end();
      } else await answerRequest(site, request, response, fault);
    };
    answering().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    addresses: {
      nflverse: `${base}/nflverse/nflverse-data/releases/download`,
      odds: `${base}/odds`,
      meteostat: `${base}/meteostat`,
      openMeteo: `${base}/open-meteo`,
    },
    oddsApiKey: SAMPLE_ODDS_KEY,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
