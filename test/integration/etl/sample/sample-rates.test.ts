import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SampleRates } from '../../../../etl/sample/server/sample-rates.ts';
import { type SampleServer, startSampleServer } from '../../../../etl/sample/server/start-sample-server.ts';
import { projectRoot } from '../../../support/project-root.ts';

let directory = '';
let server: SampleServer | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etl-sample-rates-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(directory, { recursive: true, force: true });
});

async function serve(rates: SampleRates): Promise<SampleServer> {
  server = await startSampleServer({ cacheDir: directory, league: { scale: 'small' }, rates });
  return server;
}

const oddsUrl = ({ addresses, oddsApiKey }: Pick<SampleServer, 'addresses' | 'oddsApiKey'>) =>
  `${addresses.odds}/v4/historical/sports/americanfootball_nfl/odds?date=2023-09-10T12:00:00Z&apiKey=${oddsApiKey}`;

async function secondsOf(url: string): Promise<{ seconds: number; bytes: number }> {
  const started = performance.now();
  const bytes = (await (await fetch(url)).arrayBuffer()).byteLength;
  return { seconds: (performance.now() - started) / 1000, bytes };
}

test('a file takes as long as its bytes take at the bandwidth of a connection, beside others too', async () => {
  const { addresses } = await serve({ bytesPerSecond: 300_000 });
  const url = `${addresses.nflverse}/schedules/games.csv`;
  // Makes the file, which takes time too.
  const { bytes } = await secondsOf(url);
  const both = await Promise.all([secondsOf(url), secondsOf(url)]);
  for (const one of both) expect(one.seconds).toBeGreaterThan(bytes / 300_000 - 0.1);
});

test('odds and weather have latencies of their own', async () => {
  const sample = await serve({ oddsLatencyMs: 150, weatherLatencyMs: 80 });
  expect((await secondsOf(oddsUrl(sample))).seconds).toBeGreaterThan(0.14);
  expect((await secondsOf(`${sample.addresses.meteostat}/hourly/2023/NONE.csv.gz`)).seconds).toBeGreaterThan(0.07);
});

test('too many requests for odds in one second are refused with 429, free of charge, for one second', async () => {
  const sample = await serve({ oddsPerSecond: 1 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(oddsUrl(sample))));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(await refused[0]?.json()).toMatchObject({ error_code: 'EXCEEDED_FREQ_LIMIT' });
  let last = answers[0];
  const askAgain = async () => {
    last = await fetch(oddsUrl(sample));
    return last.status;
  };
  await expect.poll(askAgain).toBe(200);
  expect(last?.headers.get('x-requests-used')).toBe(String(30 * (answers.length - refused.length + 1)));
});

test('the program that serves the sample takes the rates as options', async () => {
  const program = join(projectRoot, 'dist/etl/sample/serve.js');
  const options = '--scale small --odds-rate 1 --odds-latency 10 --weather-latency 10 --bandwidth 3000'.split(' ');
  const child = spawn(process.execPath, [program, '--cache', directory, ...options]);
  try {
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.includes('ODDS_API_KEY=')) break;
    }
    const [, odds = ''] = /ODDS_API_BASE_URL=(\S+)/.exec(text) ?? [];
    const [, oddsApiKey = ''] = /ODDS_API_KEY=(\S+)/.exec(text) ?? [];
    const url = oddsUrl({ addresses: { odds, nflverse: '', meteostat: '', openMeteo: '' }, oddsApiKey });
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  }
});
