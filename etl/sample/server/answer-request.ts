import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type League, leagueName } from '../league.ts';
import type { OddsAnswers } from '../odds-answer.ts';
import { playTexts } from '../plays/plays-file.ts';
import { hashOf } from '../random.ts';
import { rosterText } from '../roster-file.ts';
import { scheduleText } from '../schedule-file.ts';
import { hasHours, openMeteoAnswer, stationText } from '../weather.ts';
import type { FileCache } from './file-cache.ts';
import type { Fault } from './sample-faults.ts';
import { atBandwidth } from './sample-rates.ts';

export const SAMPLE_ODDS_KEY = 'sample-odds-key';
const QUOTA = 100_000;
const CALL_COST = 30;

/** What the answers are made from, and how they are sent. */
export type Site = {
  readonly league: League;
  readonly cache: FileCache;
  readonly odds: OddsAnswers;
  /** Of each connection; undefined when there is no limit. */
  readonly bytesPerSecond: number | undefined;
  /** Whether a request for odds is within the limit of its second. */
  readonly admitsOdds: () => boolean;
  /** Credits. */
  used: number;
};

/** Answers under the paths of the live sources; a fault damages the answer. */
export async function answerRequest(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const release = /^\/nflverse\/nflverse-data\/releases\/download\/(.+)$/.exec(url.pathname)?.[1];
  if (release !== undefined) {
    // As on GitHub, the file itself is at another address, which expires.
    const location = `/release-assets/${release}?sig=${hashOf(`${release} ${Date.now()}`)}`;
    if (contentOf(site.league, release) === undefined) response.writeHead(404).end('Not Found');
    else response.writeHead(302, { location }).end();
    return;
  }
  const file = /^\/(?:release-assets|meteostat)\/(.+)$/.exec(url.pathname)?.[1] ?? '';
  const make = contentOf(site.league, file);
  if (make !== undefined) return sendFile(site, file, make, request, response, fault);
  if (url.pathname === '/odds/v4/historical/sports/americanfootball_nfl/odds')
    return sendOdds(site, url, response, fault);
  if (/^\/open-meteo\/v1\/(archive|forecast)$/.test(url.pathname)) {
    const answer = openMeteoAnswer(url.searchParams);
    if (answer !== undefined) return sendText(site, response, 200, answer, {}, fault);
    const reason = 'Parameter start_date, end_date or hourly is missing or wrong';
    return sendText(site, response, 400, JSON.stringify({ error: true, reason }), {}, fault);
  }
  response.writeHead(404).end('Not Found');
}

/** Makes the text of a file, piece by piece. */
type FileContent = () => Iterable<Uint8Array | string>;

/** How a file of a release or of Meteostat is made, by its live path; undefined when there is no such file. */
function contentOf(league: League, path: string): FileContent | undefined {
  if (path === 'schedules/games.csv') return () => [scheduleText(league)];
  const [, kind, season] = /^(rosters\/roster|pbp\/play_by_play)_(\d{4})\.csv\.gz$/.exec(path) ?? [];
  const year = Number(season);
  if (kind !== undefined && year >= league.firstSeason && year <= league.lastSeason) {
    return kind.startsWith('pbp') ? () => playTexts(league, year) : () => [rosterText(league, year)];
  }
  const [, hoursOf, station = ''] = /^hourly\/(\d{4})\/(\w+)\.csv\.gz$/.exec(path) ?? [];
  const exists = Number(hoursOf) <= league.lastSeason + 1 && hasHours(station, Number(hoursOf));
  return exists ? () => [stationText(station, Number(hoursOf))] : undefined;
}

async function sendFile(
  site: Site,
  name: string,
  make: FileContent,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const { cache, league, bytesPerSecond } = site;
  // The name of the league determines the bytes, so it serves as their fingerprint.
  const etag = `"0x${hashOf(`${leagueName(league)} ${name}`)
    .toString(16)
    .toUpperCase()}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  if (fault?.kind === 'web-page')
    return sendText(site, response, 200, '<!DOCTYPE html><title>Unicorn!</title>', {}, undefined);
  const path = await cache.obtain(name, make);
  const { size } = await stat(path);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': size, etag };
  response.writeHead(200, headers);
  if (fault === undefined) return pipeline(createReadStream(path), atBandwidth(bytesPerSecond), response);
  // Half of the file arrives; then the connection breaks, or nothing more is sent.
  const half = createReadStream(path, { end: Math.floor(size / 2) });
  await pipeline(half, atBandwidth(bytesPerSecond), response, { end: false });
  if (fault.kind === 'truncated') response.destroy();
}

async function sendOdds(site: Site, url: URL, response: ServerResponse, fault: Fault | undefined): Promise<void> {
  const refuse = (status: number, body: { message: string; error_code: string }, headers = {}) =>
    sendText(site, response, status, JSON.stringify(body), headers, undefined);
  if (!site.admitsOdds()) {
    const body = { message: 'Requests are too frequent', error_code: 'EXCEEDED_FREQ_LIMIT' };
    return refuse(429, body, { 'retry-after': 1 });
  }
  const key = url.searchParams.get('apiKey');
  if (key === null || key === '') return refuse(401, { message: 'API key is missing', error_code: 'MISSING_KEY' });
  if (key !== SAMPLE_ODDS_KEY) return refuse(401, { message: 'API key is not valid', error_code: 'INVALID_KEY' });
  const moment = Date.parse(url.searchParams.get('date') ?? '');
  if (Number.isNaN(moment)) {
    return refuse(422, { message: 'Invalid historical timestamp', error_code: 'INVALID_HISTORICAL_TIMESTAMP' });
  }
  const body = site.odds.answerAt(moment);
  const cost = body.includes('"id"') ? CALL_COST : 0;
  site.used += cost;
  const quota = {
    'x-requests-remaining': QUOTA - site.used,
    'x-requests-used': site.used,
    'x-requests-last': cost,
  };
  return sendText(site, response, 200, body, quota, fault);
}

async function sendText(
  { bytesPerSecond }: Site,
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string | number>>,
  fault: Fault | undefined,
): Promise<void> {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (fault === undefined) return pipeline(Readable.from([bytes]), atBandwidth(bytesPerSecond), response);
  response.write(bytes.subarray(0, bytes.length >> 1), () => fault.kind === 'truncated' && response.destroy());
}
