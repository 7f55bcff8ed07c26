import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileCache } from './file-cache.ts';
import type { OddsAnswers } from './odds-answer.ts';
import { hashOf } from './random.ts';
import type { Fault } from './sample-faults.ts';
import { contentOf, type FileContent } from './sample-files.ts';
import { openMeteoAnswer } from './weather-answers.ts';
import { type World, worldName } from './world.ts';

export const SAMPLE_ODDS_KEY = 'sample-odds-key';
const QUOTA = 100_000;
const CALL_COST = 30;

/** What the answers are made from. */
export type Site = { readonly world: World; readonly cache: FileCache; readonly odds: OddsAnswers; used: number };

/** Answers under the paths of the live sources; a fault spoils the body. */
export async function answerRequest(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const release = /^\/nflverse\/nflverse-data\/releases\/download\/(.+)$/.exec(url.pathname)?.[1];
  if (release !== undefined) {
    // As on GitHub: the file itself is elsewhere, at an address that does not last.
    const location = `/release-assets/${release}?sig=${hashOf(`${release} ${Date.now()}`)}`;
    if (contentOf(site.world, release) === undefined) response.writeHead(404).end('Not Found');
    else response.writeHead(302, { location }).end();
    return;
  }
  const file = /^\/(?:release-assets|meteostat)\/(.+)$/.exec(url.pathname)?.[1] ?? '';
  const make = contentOf(site.world, file);
  if (make !== undefined) return sendFile(site, file, make, request, response, fault);
  if (url.pathname === '/odds/v4/historical/sports/americanfootball_nfl/odds')
    return sendOdds(site, url, response, fault);
  if (/^\/open-meteo\/v1\/(archive|forecast)$/.test(url.pathname)) {
    const { status, body } = openMeteoAnswer(url.searchParams);
    return sendText(response, status, body, {}, fault);
  }
  response.writeHead(404).end('Not Found');
}

async function sendFile(
  { cache, world }: Site,
  name: string,
  make: FileContent,
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  // The same world has the same bytes, so its name will do for their fingerprint.
  const etag = `"0x${hashOf(`${worldName(world)} ${name}`)
    .toString(16)
    .toUpperCase()}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  if (fault?.kind === 'web-page')
    return sendText(response, 200, '<!DOCTYPE html><title>Unicorn!</title>', {}, undefined);
  const path = await cache.obtain(name, make);
  const { size } = await stat(path);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': size, etag };
  response.writeHead(200, headers);
  if (fault === undefined) return pipeline(createReadStream(path), response);
  // Half of the file arrives; then the line breaks, or nothing more is heard.
  const half = createReadStream(path, { end: Math.floor(size / 2) });
  await pipeline(half, response, { end: false });
  if (fault.kind === 'truncated') response.destroy();
}

function sendOdds(site: Site, url: URL, response: ServerResponse, fault: Fault | undefined): void {
  const refuse = (message: string, error_code: string): void =>
    sendText(response, 401, JSON.stringify({ message, error_code }), {}, undefined);
  const key = url.searchParams.get('apiKey');
  if (key === null || key === '') {
    refuse('API key is missing', 'MISSING_KEY');
    return;
  }
  if (key !== SAMPLE_ODDS_KEY) {
    refuse('API key is not valid', 'INVALID_KEY');
    return;
  }
  const moment = Date.parse(url.searchParams.get('date') ?? '');
  if (Number.isNaN(moment)) {
    const body = { message: 'Invalid historical timestamp', error_code: 'INVALID_HISTORICAL_TIMESTAMP' };
    sendText(response, 422, JSON.stringify(body), {}, undefined);
    return;
  }
  const body = site.odds.answerAt(moment);
  const cost = body.includes('"id"') ? CALL_COST : 0;
  site.used += cost;
  const quota = {
    'x-requests-remaining': QUOTA - site.used,
    'x-requests-used': site.used,
    'x-requests-last': cost,
  };
  sendText(response, 200, body, quota, fault);
}

function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string | number>>,
  fault: Fault | undefined,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (fault === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, bytes.length >> 1), () => fault.kind === 'truncated' && response.destroy());
}
