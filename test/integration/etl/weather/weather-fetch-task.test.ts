import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureSchema } from '../../../../etl/tables/ensure-schema.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';
import { readReport, startTask } from '../odds/task-process.ts';
import { startWeatherServer, stationFile, type WeatherServer } from './weather-server.ts';

let database: TestDatabase;
let client: pg.Client;
let directory = '';
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
  directory = await mkdtemp(join(tmpdir(), 'etl-weather-task-'));
  await client.query('TRUNCATE games CASCADE');
  await client.query(
    `INSERT INTO games (game_id, season, game_type, week, gameday, kickoff, home_team, away_team, home_score, away_score, roof, stadium_id)
     VALUES ('2018_01_BAL_BUF', 2018, 'REG', 1, '2018-09-09', '2018-09-09T17:00Z', 'BUF', 'BAL', 3, 47, 'outdoors', 'BUF00'),
       ('2018_01_SF_MIN', 2018, 'REG', 1, '2018-09-09', '2018-09-09T17:00Z', 'MIN', 'SF', 24, 16, 'dome', 'MIN01'),
       ('2018_17_NYJ_NE', 2018, 'REG', 17, '2018-12-30', '2018-12-30T18:00Z', 'NE', 'NYJ', NULL, NULL, 'outdoors', 'BOS00')`,
  );
});
afterEach(async () => {
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

async function run(answer: (path: string) => Buffer | number | undefined, env: Readonly<Record<string, string>> = {}) {
  await server?.close();
  server = await startWeatherServer(answer);
  const report = join(directory, 'report.jsonl');
  await rm(report, { force: true });
  const task = startTask('weather-fetch', {
    cwd: directory,
    env: {
      DATABASE_URL: database.url,
      METEOSTAT_BASE_URL: server.url,
      OPEN_METEO_BASE_URL: server.url,
      ETL_PARAM_SEASONS: '2018',
      ETL_TASK_REPORT: report,
      ...env,
    },
  });
  return { ...(await task.ended), report: () => readReport(report) };
}

const ONE_HOUR = stationFile([{ at: '2018-09-09T17', temp: 21 }]);

test('it loads the weather of played games, and a second run changes nothing', async () => {
  const first = await run(() => ONE_HOUR);
  expect(first).toMatchObject({ code: 0, output: expect.stringContaining('weather of 2 played games, 2 changed') });
  expect(first.report()).toMatchObject({ rows: 2, rows_changed: 2 });
  const table = async () => (await client.query('SELECT * FROM weather ORDER BY game_id')).rows;
  const before = await table();
  const second = await run(() => 500);
  expect(second.code).toBe(0);
  expect(second.report()).toMatchObject({
    rows: 2,
    rows_changed: 0,
    message: 'played games, 1 skipped as fresh',
  });
  expect(await table()).toEqual(before);
});

test('a source that fails makes the task fail, and what was read is stored all the same', async () => {
  const { code, output } = await run((path) => (path.includes('72528') ? 403 : undefined));
  expect(code).toBe(1);
  expect(output).toContain('403');
  expect((await client.query('SELECT game_id FROM weather')).rows).toEqual([{ game_id: '2018_01_SF_MIN' }]);
});

test('an unknown provider is a wrong call', async () => {
  const { code, output } = await run(() => ONE_HOUR, { ETL_PARAM_WEATHER_PROVIDER: 'almanac' });
  expect(code).toBe(2);
  expect(output).toContain('"almanac" is unknown; it must be meteostat or open-meteo');
});

test('the provider is the parameter, or else the variable', async () => {
  const hourly = JSON.stringify({ hourly: { time: ['2018-09-09T17:00'], temperature_2m: [19.5] } });
  const env = { ETL_PARAM_WEATHER_PROVIDER: 'auto', WEATHER_PROVIDER: 'open-meteo' };
  expect(await run(() => Buffer.from(hourly), env)).toMatchObject({ code: 0 });
  const source = async () => (await client.query('SELECT source FROM weather WHERE NOT indoor')).rows;
  expect(await source()).toEqual([{ source: 'open-meteo' }]);
  expect(await run(() => ONE_HOUR, { ...env, ETL_PARAM_WEATHER_PROVIDER: 'meteostat' })).toMatchObject({ code: 0 });
  expect(await source()).toEqual([{ source: 'meteostat' }]);
});
