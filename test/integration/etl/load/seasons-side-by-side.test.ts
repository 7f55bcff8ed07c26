import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';
import { startTask } from '../odds/task-process.ts';

let database: TestDatabase;
let directory = '';
let server: Server | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'etl-seasons-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

/** Serves a roster of one player for each season, when `together` requests are waiting or, for 1, after a moment. */
async function serveRosters(together: number) {
  const seen = { most: 0 };
  let waiting: (() => void)[] = [];
  const answerAll = () => {
    for (const answer of waiting) answer();
    waiting = [];
  };
  server = createServer((request, response) => {
    const [, season] = /roster_(\d{4})/.exec(request.url ?? '') ?? [];
    waiting.push(() => response.end(`season,team,full_name,gsis_id\n${season},KC,Somebody,00-1\n`));
    seen.most = Math.max(seen.most, waiting.length);
    if (together === 1) setTimeout(answerAll, 50);
    else if (waiting.length === together) answerAll();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { seen, url: `http://127.0.0.1:${port}` };
}

function load(url: string, env: Readonly<Record<string, string>> = {}) {
  return startTask('nflverse-players', {
    cwd: directory,
    env: { DATABASE_URL: database.url, NFLVERSE_BASE_URL: url, ETL_PARAM_SEASONS: '2018-2025', ...env },
  }).ended;
}

test('files of six seasons are fetched side by side, with one connection to the database', async () => {
  const { url, seen } = await serveRosters(6);
  expect(await load(url, { ETL_PARAM_SEASONS: '2019-2024' })).toMatchObject({ code: 0 });
  expect(seen.most).toBe(6);
});

test('with ETL_REQUESTS_AT_ONCE=1 one file is fetched after the other', async () => {
  const { url, seen } = await serveRosters(1);
  const { code, output } = await load(url, { ETL_REQUESTS_AT_ONCE: '1' });
  expect([code, seen.most]).toEqual([0, 1]);
  expect(output).toContain('season 2025: 1 players');
});

test('a wrong ETL_REQUESTS_AT_ONCE is refused', async () => {
  const { url } = await serveRosters(1);
  const { code, output } = await load(url, { ETL_REQUESTS_AT_ONCE: 'all' });
  expect([code, output]).toEqual([2, expect.stringContaining('it must be a whole number from 1')]);
});
