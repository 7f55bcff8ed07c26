import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMeteostat } from '../../../../etl/sources/weather/meteostat.ts';
import { type Hour, startWeatherServer, stationFile, type WeatherServer } from './weather-server.ts';

let cacheDirectory = '';
let server: WeatherServer | undefined;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'etl-weather-'));
});
afterEach(async () => {
  await server?.close();
  await rm(cacheDirectory, { recursive: true, force: true });
});

/** The reading for a moment, from stations whose files hold these hours ("STATION/YEAR": hours). */
async function read(files: Readonly<Record<string, readonly Hour[]>>, stations: readonly string[], moment: string) {
  server = await startWeatherServer((path) => {
    const [, year, station] = /^\/hourly\/(\d{4})\/(\w+)\.csv\.gz$/.exec(path) ?? [];
    const hours = files[`${station}/${year}`];
    return hours === undefined ? undefined : stationFile(hours);
  });
  const at = new Date(moment);
  const options = { cacheDirectory, firstPauseMs: 5 };
  return openMeteostat(server.url, [at], () => options, new Date('2026-11-01T00:00:00Z')).readingAt(stations, at);
}

test('the hour nearest to kickoff is used, in metric units, with its station', async () => {
  const hours = [
    { at: '2018-09-09T16', temp: 20 },
    { at: '2018-09-09T17', temp: 21.7, wind: 9.4 },
    { at: '2018-09-09T18', temp: 23 },
  ];
  expect(await read({ 'KAAA0/2018': hours }, ['KAAA0'], '2018-09-09T17:20:00Z')).toEqual({
    source: 'meteostat',
    stationId: 'KAAA0',
    observedAt: '2018-09-09T17:00:00.000Z',
    temp: 21.7,
    humidity: 61,
    precip: 0.3,
    wind: 9.4,
    windDirection: 270,
    pressure: 1016.2,
    forecasts: [],
    impossible: [],
  });
});

test('an observation an hour off, or of the next station, is preferred to a forecast of the hour itself', async () => {
  const forecast = { at: '2018-09-09T17', temp: 30, source: 'dwd_mosmix' };
  const observed = { at: '2018-09-09T18', temp: 22 };
  expect(await read({ 'KAAA0/2018': [forecast, observed] }, ['KAAA0'], '2018-09-09T17:00:00Z')).toMatchObject({
    temp: 22,
    forecasts: [],
  });
  await server?.close();
  const files = { 'KAAA0/2018': [forecast], 'KBBB0/2018': [{ at: '2018-09-09T17', temp: 21 }] };
  const next = await read(files, ['KAAA0', 'KBBB0'], '2018-09-09T17:00:00Z');
  expect(next).toMatchObject({ stationId: 'KBBB0', temp: 21, forecasts: [] });
});

test.each(['dwd_mosmix', 'metno_forecast'])(
  'where there is only a forecast (%s) it is used, and marked',
  async (source) => {
    const files = { 'KAAA0/2018': [{ at: '2018-09-09T17', temp: 30, source }] };
    expect(await read(files, ['KAAA0'], '2018-09-09T17:00:00Z')).toMatchObject({
      temp: 30,
      forecasts: ['temp', 'wind'],
    });
  },
);

test.each([99.9, -80, Number.NaN, Number.POSITIVE_INFINITY])(
  'a temperature of %s is ignored with a note, and the next hour used',
  async (temp) => {
    const hours = [
      { at: '2018-09-09T17', temp },
      { at: '2018-09-09T18', temp: 22, wind: 900, humidity: '130' },
    ];
    expect(await read({ 'KAAA0/2018': hours }, ['KAAA0'], '2018-09-09T17:05:00Z')).toMatchObject({
      temp: 22,
      wind: null,
      humidity: null,
      impossible: [
        `KAAA0 2018-09-09T17: temp ${temp} is impossible and left out`,
        'KAAA0 2018-09-09T18: humidity 130 is impossible and left out',
        'KAAA0 2018-09-09T18: wind 900 is impossible and left out',
      ],
    });
  },
);

test('between two hours the nearer one is used, and the earlier of two equally near ones', async () => {
  const hours = [
    { at: '2018-09-10T00', temp: 1 },
    { at: '2018-09-10T01', temp: 2 },
  ];
  const early = await read({ 'KAAA0/2018': hours }, ['KAAA0'], '2018-09-10T00:30:00Z');
  await server?.close();
  const late = await read({ 'KAAA0/2018': hours }, ['KAAA0'], '2018-09-10T00:31:00Z');
  expect([early?.temp, late?.temp]).toEqual([1, 2]);
});

test('a station without a file for the year is replaced by the next nearest', async () => {
  const files = { 'KCCC0/2018': [{ at: '2018-09-09T17', temp: 19 }] };
  const reading = await read(files, ['KAAA0', 'KBBB0', 'KCCC0'], '2018-09-09T17:00:00Z');
  expect(reading).toMatchObject({ stationId: 'KCCC0', temp: 19 });
  expect(server?.requests).toEqual(['KAAA0', 'KBBB0', 'KCCC0'].map((id) => `/hourly/2018/${id}.csv.gz`));
});

test('an hour without a temperature is replaced by the nearest one that has it', async () => {
  const hours = [{ at: '2018-09-09T17' }, { at: '2018-09-09T18', temp: 22 }];
  expect(await read({ 'KAAA0/2018': hours }, ['KAAA0'], '2018-09-09T17:05:00Z')).toMatchObject({ temp: 22 });
});

test('a station without hours is replaced by the next, and a game may have no reading', async () => {
  const files = {
    'KAAA0/2018': [{ at: '2018-09-09T10', temp: 12 }],
    'KBBB0/2018': [{ at: '2018-09-09T17', temp: 15 }],
  };
  expect(await read(files, ['KAAA0', 'KBBB0'], '2018-09-09T17:00:00Z')).toMatchObject({ temp: 15 });
  await server?.close();
  expect(await read(files, ['KAAA0'], '2018-09-09T17:00:00Z')).toBeUndefined();
});

test("a kickoff in the last minutes of the year is read from the new year's file", async () => {
  const files = { 'KAAA0/2018': [{ at: '2018-12-31T23', temp: 4 }], 'KAAA0/2019': [{ at: '2019-01-01T00', temp: 3 }] };
  expect(await read(files, ['KAAA0'], '2018-12-31T23:40:00Z')).toMatchObject({ temp: 3 });
});

test('two games at one station cost one request, and the next run requests nothing', async () => {
  server = await startWeatherServer(() =>
    stationFile([
      { at: '2018-09-09T17', temp: 21 },
      { at: '2018-09-16T17', temp: 16 },
    ]),
  );
  const { url } = server;
  const games = ['2018-09-09T17:00:00Z', '2018-09-16T17:00:00Z'].map((text) => new Date(text));
  const temperatures = async () => {
    const meteostat = openMeteostat(url, games, () => ({ cacheDirectory }));
    const readings = await Promise.all(games.map((game) => meteostat.readingAt(['KAAA0'], game)));
    return readings.map((reading) => reading?.temp);
  };
  expect(await temperatures()).toEqual([21, 16]);
  expect(await temperatures()).toEqual([21, 16]);
  expect(server.requests).toHaveLength(1);
});

test('a file whose first line names no columns is refused', async () => {
  server = await startWeatherServer(() => '2018,9,9,17,21.7,61\n');
  const at = new Date('2018-09-09T17:00:00Z');
  const reading = openMeteostat(server.url, [at], () => ({ cacheDirectory })).readingAt(['KAAA0'], at);
  await expect(reading).rejects.toThrow(/first line names no year/);
});
