import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Sources } from '../../../../etl/sources/source-addresses.ts';
import { readWeather, type WeatherProvider } from '../../../../etl/sources/weather/weather-refresh.ts';
import { storeWeather } from '../../../../etl/sources/weather/weather-store.ts';
import { ensureSchema } from '../../../../etl/tables/ensure-schema.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';
import { startWeatherServer, stationFile, type WeatherServer } from './weather-server.ts';

let database: TestDatabase;
let client: pg.Client;
let cacheDirectory = '';
let server: WeatherServer | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await ensureSchema(client);
});
afterAll(async () => {
  await client.end();
  await database.close();
});
beforeEach(async () => {
  await client.query('TRUNCATE games CASCADE');
  cacheDirectory = await mkdtemp(join(tmpdir(), 'etl-weather-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(cacheDirectory, { recursive: true, force: true });
});

type Game = {
  readonly kickoff?: string | null;
  readonly score?: number | null;
  readonly roof?: string | null;
  readonly stadiumId?: string;
  readonly stadium?: string;
  readonly neutral?: boolean;
  readonly gameType?: string;
};

/** Puts a played game in Buffalo on 2018-09-09 13:00 Eastern into the schedule, with what is different about it. */
async function schedule(gameId: string, game: Game = {}): Promise<void> {
  const { kickoff = '2018-09-09T17:00:00Z', score = 21, roof = 'outdoors', stadiumId = 'BUF00' } = game;
  const { stadium = 'New Era Field', neutral = false, gameType = 'REG' } = game;
  const [season, week, away, home] = gameId.split('_');
  await client.query(
    `INSERT INTO games (game_id, season, game_type, week, gameday, kickoff, home_team, away_team, home_score, away_score,
       roof, stadium_id, stadium, neutral, location)
     VALUES ($1, $2, $3, $4, '2018-09-09', $5, $6, $7, $8, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (game_id) DO UPDATE SET kickoff = excluded.kickoff, home_score = excluded.home_score,
       away_score = excluded.away_score, roof = excluded.roof, stadium_id = excluded.stadium_id`,
    [
      gameId,
      season,
      gameType,
      week,
      kickoff,
      home,
      away,
      score,
      roof,
      stadiumId,
      stadium,
      neutral,
      neutral ? 'Neutral' : 'Home',
    ],
  );
}

/** Every station has these hours of 2018, with the temperature that tells them apart. */
async function serveStations(temps: Readonly<Record<string, number>> = { '2018-09-09T17': 21 }): Promise<void> {
  const hours = Object.entries(temps).map(([at, temp]) => ({ at, temp }));
  server = await startWeatherServer((path) => (path.startsWith('/hourly/2018/') ? stationFile(hours) : undefined));
}

async function refresh(provider: WeatherProvider = 'meteostat') {
  const base = server?.url ?? 'http://127.0.0.1:1';
  const sources: Sources = {
    kind: 'live',
    nflverse: base,
    odds: base,
    meteostat: base,
    openMeteo: base,
    oddsApiKey: undefined,
    stableName: (url) => url,
    close: async () => {},
  };
  const options = { cacheDirectory, attempts: 2, firstPauseMs: 5, reload: false, onProgress: () => {} };
  const read = await readWeather(client, sources, [2018], provider, options);
  await client.query('BEGIN');
  const changed = await storeWeather(client, [2018], provider, read.results);
  await client.query('COMMIT');
  return { changed, games: read.games, failure: read.failure };
}

const weatherOf = async (gameId: string) =>
  (await client.query('SELECT * FROM weather WHERE game_id = $1', [gameId])).rows[0] as
    | Record<string, unknown>
    | undefined;

test('an outdoor game gets the reading at kickoff, and the next run requests nothing and changes nothing', async () => {
  await schedule('2018_01_BAL_BUF');
  await serveStations();
  expect(await refresh()).toEqual({ changed: 1, games: 1, failure: undefined });
  expect(await weatherOf('2018_01_BAL_BUF')).toMatchObject({
    source: 'meteostat',
    station_id: '72528',
    observed_at: new Date('2018-09-09T17:00:00Z'),
    indoor: false,
    temp_c: 21,
    humidity: 61,
    precip_mm: 0.3,
    wind_kph: 12.6,
    wind_dir: 270,
    pressure_hpa: 1016.2,
    note: null,
  });
  const requests = server?.requests.length;
  const before = await weatherOf('2018_01_BAL_BUF');
  expect(await refresh()).toMatchObject({ changed: 0, games: 1 });
  expect(server?.requests).toHaveLength(requests ?? 0);
  expect(await weatherOf('2018_01_BAL_BUF')).toEqual(before);
});

test('a forecast and an impossible value are noted in the row', async () => {
  await schedule('2018_01_BAL_BUF');
  const hour = { at: '2018-09-09T17', temp: 21, source: 'dwd_mosmix', humidity: '999' };
  server = await startWeatherServer((path) => (path.startsWith('/hourly/2018/') ? stationFile([hour]) : undefined));
  await refresh();
  expect(await weatherOf('2018_01_BAL_BUF')).toMatchObject({
    temp_c: 21,
    humidity: null,
    forecast_columns: ['temp_c', 'wind_kph'],
    note: expect.stringMatching(
      /^forecast by a model, not observed: temp_c, wind_kph; 72528 2018-09-09T17: humidity 999 is impossible and left out/,
    ),
  });
  expect(await refresh()).toMatchObject({ changed: 0 });
});

test('an indoor game gets its row without a request', async () => {
  await schedule('2018_01_AAA_BBB', { roof: 'dome', stadiumId: 'MIN01' });
  await schedule('2018_01_CCC_DDD', { roof: 'closed', stadiumId: 'DAL00', kickoff: null });
  expect(await refresh()).toEqual({ changed: 2, games: 2, failure: undefined });
  expect(await weatherOf('2018_01_AAA_BBB')).toMatchObject({
    indoor: true,
    source: 'indoor',
    temp_c: null,
    note: null,
  });
});

test('a game without a score has no weather, and an earlier reading is deleted', async () => {
  await schedule('2018_01_AAA_BBB', { score: null });
  await schedule('2018_02_CCC_DDD');
  await serveStations();
  expect(await refresh()).toMatchObject({ changed: 1, games: 1 });
  await schedule('2018_02_CCC_DDD', { score: null });
  expect(await refresh()).toMatchObject({ changed: 1, games: 0 });
  expect(await weatherOf('2018_02_CCC_DDD')).toBeUndefined();
});

test('a corrected kickoff or stadium is read again, and everything is when the provider changes', async () => {
  await schedule('2018_01_BAL_BUF');
  await serveStations({ '2018-09-09T17': 21, '2018-09-09T20': 24 });
  await refresh();
  await schedule('2018_01_BAL_BUF', { kickoff: '2018-09-09T20:25:00Z' });
  expect(await refresh()).toMatchObject({ changed: 1 });
  expect(await weatherOf('2018_01_BAL_BUF')).toMatchObject({ temp_c: 24 });
  await schedule('2018_01_BAL_BUF', { kickoff: '2018-09-09T20:25:00Z', stadiumId: 'CLE00' });
  expect(await refresh()).toMatchObject({ changed: 1 });
  expect(await weatherOf('2018_01_BAL_BUF')).toMatchObject({ station_id: 'KBKL0' });
  await server?.close();
  server = await startWeatherServer(() =>
    JSON.stringify({ hourly: { time: ['2018-09-09T20:00'], temperature_2m: [19.5], wind_speed_10m: [8] } }),
  );
  expect(await refresh('open-meteo')).toMatchObject({ changed: 1 });
  expect(await weatherOf('2018_01_BAL_BUF')).toMatchObject({ source: 'open-meteo', temp_c: 19.5, station_id: null });
});

test('a value that the source withdrew becomes NULL', async () => {
  await schedule('2018_01_BAL_BUF');
  await serveStations();
  await refresh();
  await client.query(`UPDATE weather SET fetched_at = '2018-09-10'`);
  await server?.close();
  server = await startWeatherServer((path) =>
    path.startsWith('/hourly/2018/72528') ? 'year,month,day,hour,temp,wspd\n2018,9,9,17,21,\n' : undefined,
  );
  await rm(cacheDirectory, { recursive: true, force: true });
  expect(await refresh()).toMatchObject({ changed: 1 });
  expect(await weatherOf('2018_01_BAL_BUF')).toMatchObject({ temp_c: 21, wind_kph: null, humidity: null });
});

test('a game whose weather cannot be known has a row with the reason', async () => {
  await schedule('2018_01_AAA_BUF', { stadiumId: 'BUF00' });
  await schedule('2018_02_AAA_BUF', { neutral: true });
  await schedule('2018_03_AAA_BUF', { kickoff: null });
  await schedule('2018_04_AAA_BUF', { stadiumId: 'NEW99' });
  await schedule('2018_05_AAA_BUF', { kickoff: '2018-10-07T17:00:00Z' });
  await schedule('2018_06_AAA_BUF', { roof: null });
  await serveStations();
  expect(await refresh()).toMatchObject({ games: 6, changed: 6, failure: undefined });
  const { rows } = await client.query('SELECT game_id, source, temp_c, note FROM weather ORDER BY game_id');
  expect(rows.map((row) => [row.source, row.temp_c, row.note])).toEqual([
    ['meteostat', 21, null],
    ['none', null, 'the schedule does not say where this neutral game was played'],
    ['none', null, 'the time of kickoff is not known'],
    ['none', null, 'no weather station is known for the stadium NEW99'],
    ['meteostat', null, 'meteostat has no reading near kickoff'],
    ['meteostat', 21, 'the roof is not known'],
  ]);
});

test('a neutral game with its home stadium and roof is read where it was played', async () => {
  await schedule('2018_01_AAA_BUF', { neutral: true, stadium: 'Wembley Stadium', roof: 'dome' });
  await serveStations();
  await refresh();
  expect(await weatherOf('2018_01_AAA_BUF')).toMatchObject({
    indoor: false,
    station_id: '03672',
    venue: 'LON00',
    note: 'played at LON00, not at BUF00',
  });
});

test('a London kickoff in the middle of the night is read twelve hours earlier, with a note', async () => {
  await schedule('2018_07_TEN_LAC', { kickoff: '2018-10-22T01:30:00Z', stadiumId: 'LON00', neutral: true });
  await serveStations({ '2018-10-21T13': 14, '2018-10-22T01': 8 });
  await refresh();
  expect(await weatherOf('2018_07_TEN_LAC')).toMatchObject({ temp_c: 14, note: expect.stringContaining('night') });
});

test('when the source fails, what was read is kept and the failure is reported', async () => {
  await schedule('2018_01_AAA_BUF');
  await schedule('2018_02_AAA_CLE', { stadiumId: 'CLE00', kickoff: '2018-09-16T17:00:00Z' });
  server = await startWeatherServer((path) =>
    path.includes('72528') ? stationFile([{ at: '2018-09-09T17', temp: 21 }]) : 503,
  );
  const { failure, changed } = await refresh();
  expect(failure).toMatchObject({ exitCode: 1, message: expect.stringContaining('503') });
  expect(changed).toBe(1);
  await server.close();
  await serveStations({ '2018-09-09T17': 21, '2018-09-16T17': 18 });
  expect(await refresh()).toEqual({ changed: 1, games: 2, failure: undefined });
});

test('recent games are read again the next day, for a fortnight', async () => {
  await schedule('2018_01_BAL_BUF');
  await serveStations();
  await refresh();
  const readAt = async (text: string) => {
    await client.query('UPDATE weather SET fetched_at = $1', [text]);
    await rm(cacheDirectory, { recursive: true, force: true });
    const before = server?.requests.length ?? 0;
    expect(await refresh()).toMatchObject({ changed: 0 });
    return (server?.requests.length ?? 0) > before;
  };
  expect(await readAt('2018-09-22T00:00:00Z')).toBe(true);
  expect(await readAt('2018-09-24T00:00:00Z')).toBe(false);
});
