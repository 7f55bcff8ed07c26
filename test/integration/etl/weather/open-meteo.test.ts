import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMeteoReading } from '../../../../etl/sources/weather/open-meteo.ts';
import { startWeatherServer, type WeatherServer } from './weather-server.ts';

const PLACE = { latitude: 42.7738, longitude: -78.787 };
let cacheDirectory = '';
let server: WeatherServer | undefined;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'etl-weather-'));
});
afterEach(async () => {
  await server?.close();
  await rm(cacheDirectory, { recursive: true, force: true });
});

const dayOf = (temperatures: readonly (number | null)[]) =>
  JSON.stringify({
    latitude: 42.75,
    longitude: -78.8,
    utc_offset_seconds: 0,
    hourly_units: { time: 'iso8601', temperature_2m: '°C', wind_speed_10m: 'km/h' },
    hourly: {
      time: temperatures.map((_value, hour) => `2023-09-10T${String(hour).padStart(2, '0')}:00`),
      temperature_2m: temperatures,
      relative_humidity_2m: temperatures.map(() => 55),
      precipitation: temperatures.map(() => 0.2),
      wind_speed_10m: temperatures.map(() => 14.4),
      wind_direction_10m: temperatures.map(() => 200),
      surface_pressure: temperatures.map(() => 990.5),
    },
  });

async function read(body: string | number, now = '2024-03-01T00:00:00Z') {
  server = await startWeatherServer(() => body);
  const options = { cacheDirectory, attempts: 2, firstPauseMs: 5 };
  return openMeteoReading(server.url, PLACE, new Date('2023-09-10T17:25:00Z'), () => options, new Date(now));
}

test('the archive is queried for the day in UTC and metric units, and the nearest hour is used', async () => {
  const reading = await read(dayOf(Array.from({ length: 24 }, (_value, hour) => hour + 0.5)));
  expect(reading).toEqual({
    source: 'open-meteo',
    stationId: null,
    observedAt: '2023-09-10T17:00:00.000Z',
    temp: 17.5,
    humidity: 55,
    precip: 0.2,
    wind: 14.4,
    windDirection: 200,
    pressure: 990.5,
    forecasts: [],
    impossible: [],
  });
  const asked = new URL(server?.requests[0] ?? '', 'http://loopback');
  expect(asked.pathname).toBe('/v1/archive');
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    latitude: '42.7738',
    longitude: '-78.787',
    start_date: '2023-09-10',
    end_date: '2023-09-10',
    timezone: 'UTC',
    wind_speed_unit: 'kmh',
    precipitation_unit: 'mm',
  });
});

test("a game of this week is read from the forecast's past days, because the archive is days late", async () => {
  const reading = await read(dayOf(Array.from({ length: 24 }, () => 20)), '2023-09-12T00:00:00Z');
  expect(server?.requests[0]).toMatch(/^\/v1\/forecast\?/);
  expect(reading?.forecasts).toContain('temp');
});

test('an impossible temperature is no reading', async () => {
  expect(await read(dayOf(Array.from({ length: 24 }, () => 99.9)))).toBeUndefined();
});

test('an hour without values is no reading', async () => {
  expect(await read(dayOf(Array.from({ length: 24 }, () => null)))).toBeUndefined();
});

test('an answer without the hourly table is refused, with its address', async () => {
  await expect(read('{"error":true,"reason":"whatever"}')).rejects.toThrow(/v1\/archive.*"hourly"/);
});

test('too many requests fail the attempt as retryable', async () => {
  await expect(read(429)).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('429') });
});
