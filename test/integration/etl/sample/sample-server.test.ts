import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { League } from '../../../../etl/sample/league.ts';
import { openFileCache } from '../../../../etl/sample/server/file-cache.ts';
import type { Fault } from '../../../../etl/sample/server/sample-faults.ts';
import { parseFault } from '../../../../etl/sample/server/sample-faults.ts';
import { type SampleServer, startSampleServer } from '../../../../etl/sample/server/start-sample-server.ts';

const SMALL: League = { scale: 'small', firstSeason: 2022, lastSeason: 2023, corrections: 0 };
let directory = '';
let servers: SampleServer[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etl-sample-'));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  await rm(directory, { recursive: true, force: true });
});

async function serve(faults: readonly Fault[] = [], league: Partial<League> = {}): Promise<SampleServer> {
  const server = await startSampleServer({ cacheDir: directory, league: { ...SMALL, ...league }, faults });
  servers.push(server);
  return server;
}

const oddsQuery = (key: string) =>
  `/v4/historical/sports/americanfootball_nfl/odds?date=2023-09-10T12:00:00Z&apiKey=${key}`;

test('a file of a release is behind a redirect, and an unchanged one is not sent again', async () => {
  const { addresses } = await serve();
  const url = `${addresses.nflverse}/rosters/roster_2023.csv.gz`;
  const redirect = await fetch(url, { redirect: 'manual' });
  expect(redirect.status).toBe(302);
  const first = await fetch(url);
  expect(first.status).toBe(200);
  const bytes = Buffer.from(await first.arrayBuffer());
  expect(first.headers.get('content-length')).toBe(String(bytes.length));
  expect(gunzipSync(bytes).toString().split('\n')).toHaveLength(8 * 97 + 2);
  const etag = first.headers.get('etag') ?? '';
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('corrected files have other ETags', async () => {
  const tag = async (server: SampleServer) =>
    (await fetch(`${server.addresses.nflverse}/schedules/games.csv`)).headers.get('etag');
  expect(await tag(await serve())).not.toBe(await tag(await serve([], { corrections: 1 })));
});

test('an unknown path is a 404', async () => {
  const { addresses } = await serve();
  const status = async (url: string) => (await fetch(url)).status;
  expect(await status(`${addresses.nflverse}/pbp/play_by_play_2024.csv.gz`)).toBe(404);
  expect(await status(`${addresses.nflverse}/pbp/play_by_play_2023.rds`)).toBe(404);
  expect(await status(`${addresses.meteostat}/hourly/2023/NOSUCH.csv.gz`)).toBe(404);
  expect(await status(`${addresses.odds}/v4/nothing`)).toBe(404);
});

test('odds need the key, cost credits and report the remaining ones', async () => {
  const { addresses, oddsApiKey } = await serve();
  const ask = (key: string) => fetch(addresses.odds + oddsQuery(key));
  expect(await (await ask('')).json()).toMatchObject({ error_code: 'MISSING_KEY' });
  expect(await (await ask('wrong')).json()).toMatchObject({ error_code: 'INVALID_KEY' });
  await ask(oddsApiKey);
  const second = await ask(oddsApiKey);
  expect(second.headers.get('x-requests-remaining')).toBe('99940');
  expect(second.headers.get('x-requests-last')).toBe('30');
});

test('a weather query returns hourly values, an invalid one a reason', async () => {
  const { addresses } = await serve();
  const ask = async (query: string) => (await fetch(`${addresses.openMeteo}/v1/archive?${query}`)).json();
  const answer = await ask(
    'latitude=44.5&longitude=-88&start_date=2023-09-10&end_date=2023-09-10&hourly=temperature_2m',
  );
  expect(answer).toMatchObject({ hourly: { time: expect.objectContaining({ length: 24 }) } });
  expect(await ask('latitude=44.5&longitude=-88&hourly=temperature_2m')).toMatchObject({ error: true });
});

test('faults occur at the requested rate: statuses, truncated and stalled bodies, web pages', async () => {
  const faults = ['429:odds:1:7', 'truncated:pbp', 'web-page:rosters:1', 'stalled:open-meteo'].map(parseFault);
  const server = await serve(faults.filter((fault) => fault !== undefined));
  const { nflverse, odds, openMeteo } = server.addresses;
  const refused = await fetch(odds + oddsQuery(server.oddsApiKey));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await fetch(odds + oddsQuery(server.oddsApiKey))).status).toBe(200);

  // Faults count requests, and a file takes two: the redirect is let through by asking for the file itself.
  const files = nflverse.replace('/nflverse/nflverse-data/releases/download', '/release-assets');
  const broken = await fetch(`${files}/pbp/play_by_play_2023.csv.gz`);
  await expect(broken.arrayBuffer()).rejects.toThrow();
  expect((await (await fetch(`${files}/pbp/play_by_play_2023.csv.gz`)).arrayBuffer()).byteLength).toBeGreaterThan(1e6);
  expect(await (await fetch(`${files}/rosters/roster_2023.csv.gz`)).text()).toContain('<!DOCTYPE html>');

  const impatient = new AbortController();
  const stalled = await fetch(
    `${openMeteo}/v1/archive?latitude=1&longitude=1&start_date=2023-01-01&end_date=2023-01-01&hourly=precipitation`,
    { signal: impatient.signal },
  );
  setTimeout(() => impatient.abort(new Error('no more patience')), 300);
  await expect(stalled.text()).rejects.toThrow('no more patience');
});

test('a fault setting is parsed, or refused', () => {
  expect(parseFault('503:schedules:2')).toEqual({ kind: 'status', status: 503, path: 'schedules', times: 2 });
  expect(parseFault('truncated:pbp')).toEqual({ kind: 'truncated', path: 'pbp', times: 1 });
  for (const text of ['banana:pbp', '429', '429:pbp:often']) expect(parseFault(text)).toBeUndefined();
});

test('servers that make the same file at once do the work once', async () => {
  const all = await Promise.all([serve(), serve(), serve()]);
  const bodies = await Promise.all(
    all.map(async ({ addresses }) => (await fetch(`${addresses.nflverse}/pbp/play_by_play_2022.csv.gz`)).arrayBuffer()),
  );
  const sums = bodies.map((body) => createHash('sha256').update(Buffer.from(body)).digest('hex'));
  expect(new Set(sums).size).toBe(1);
  const names = await readdir(directory, { recursive: true });
  expect(names.filter((name) => name.includes('play_by_play'))).toHaveLength(1);
});

test('a file is made once, and the incomplete file of a killed process is replaced', async () => {
  const cache = openFileCache(directory);
  let made = 0;
  const make = function* () {
    made++;
    yield 'text';
  };
  // No process has this number: it is beyond what the system gives.
  await writeFile(join(directory, 'a.csv.lock'), '99999999');
  await writeFile(join(directory, 'a.csv.part-99999999'), 'half of it');
  const others = openFileCache(directory);
  await Promise.all([cache.obtain('a.csv', make), cache.obtain('a.csv', make), others.obtain('a.csv', make)]);
  expect(made).toBe(1);
  expect(await readdir(directory)).toEqual(['a.csv']);
  expect(await readFile(join(directory, 'a.csv'), 'utf8')).toBe('text');
});

test('a file that cannot be made leaves nothing behind', async () => {
  const cache = openFileCache(directory);
  const make = function* () {
    yield 'half of it';
    throw new Error('no more');
  };
  await expect(cache.obtain('b.csv.gz', make)).rejects.toThrow('no more');
  expect(await readdir(directory)).toEqual([]);
});
