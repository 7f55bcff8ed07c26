import pLimit from 'p-limit';
import type pg from 'pg';
import type { DownloadOptions } from '../download.ts';
import type { RequestMeter } from '../http-get.ts';
import { openRequestGate } from '../request-gate.ts';
import { requestsAtOnce } from '../requests-at-once.ts';
import type { Sources } from '../source-addresses.ts';
import { openMeteostat } from './meteostat.ts';
import { openMeteoReading } from './open-meteo.ts';
import { planWeather, type WeatherNeed } from './weather-plan.ts';
import type { WeatherReading } from './weather-reading.ts';
import type { WeatherResult } from './weather-store.ts';

export type WeatherProvider = 'meteostat' | 'open-meteo';

export type ReadWeather = {
  readonly results: readonly WeatherResult[];
  /** Played games, the settled ones included. */
  readonly games: number;
  /** Games whose weather was known and not requested. */
  readonly settled: number;
  /** The first failure of a source; the results hold what was read before it. */
  readonly failure: unknown;
};

export type ReadWeatherOptions = DownloadOptions & {
  /** Read again also what is settled. */
  readonly reload: boolean;
  readonly onProgress: (done: number, of: number) => void;
  /** Called once with each impossible value. */
  readonly onImpossible?: (what: string) => void;
};

/** Meteostat's files have no documented limit, and as many connections as a browser opens are no burden. */
const FILES_AT_ONCE = 6;
/** Open-Meteo computes each answer, and allows 600 a minute. */
const ANSWERS_AT_ONCE = 4;
const ANSWERS_PER_SECOND = 9;

/** Reads the weather that the table does not hold yet. After a failure nothing more is asked for. */
export async function readWeather(
  client: pg.Client,
  sources: Sources,
  seasons: readonly number[],
  provider: WeatherProvider,
  options: ReadWeatherOptions,
): Promise<ReadWeather> {
  const { onProgress, onImpossible, reload, ...downloadOptions } = options;
  const games = await planWeather(client, seasons, provider);
  const needs = games.filter((need) => reload || !need.settled);
  const read = readerOf(provider, sources, needs, downloadOptions, onImpossible);
  const limit = pLimit(requestsAtOnce(provider === 'meteostat' ? FILES_AT_ONCE : ANSWERS_AT_ONCE));
  let done = 0;
  let failure: unknown;
  const results = await Promise.all(
    needs.map((need) =>
      limit(async () => {
        if (failure !== undefined) return undefined;
        try {
          return { need, reading: need.read === undefined ? undefined : await read(need.read) };
        } catch (error) {
          failure ??= error;
          return undefined;
        } finally {
          onProgress(++done, needs.length);
        }
      }),
    ),
  );
  options.signal?.throwIfAborted();
  return {
    results: results.filter((result) => result !== undefined),
    games: games.length,
    settled: games.length - needs.length,
    failure,
  };
}

type Answer = Parameters<RequestMeter['after']>[0];
type Read = (where: NonNullable<WeatherNeed['read']>) => Promise<WeatherReading | undefined>;

function readerOf(
  provider: WeatherProvider,
  sources: Sources,
  needs: readonly WeatherNeed[],
  options: DownloadOptions,
  onImpossible: ((what: string) => void) | undefined,
): Read {
  const optionsFor = (url: string) => ({ ...options, stableName: sources.stableName(url) });
  if (provider === 'open-meteo') {
    const gate = openRequestGate(ANSWERS_PER_SECOND);
    const meter = { before: () => gate.turn(options.signal), after: async (answer: Answer) => gate.answered(answer) };
    const optionsWithGate = (url: string) => ({ ...optionsFor(url), meter });
    return ({ site, moment }) =>
      openMeteoReading(sources.openMeteo, site, moment, optionsWithGate, new Date(), onImpossible);
  }
  const moments = needs.flatMap((need) => (need.read === undefined ? [] : [need.read.moment]));
  const meteostat = openMeteostat(sources.meteostat, moments, optionsFor, new Date(), onImpossible);
  return ({ site, moment }) => meteostat.readingAt(site.stations, moment);
}
