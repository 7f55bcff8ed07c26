import { readFile } from 'node:fs/promises';
import { TaskError } from '../../task-error.ts';
import { type DownloadOptions, download } from '../download.ts';
import { HOUR_MS, hoursNear, possibleValues, type WeatherReading } from './weather-reading.ts';

/** The reanalysis behind the archive is about five days late; younger hours come from the forecast's past days. */
const ARCHIVE_DELAY_MS = 6 * 24 * HOUR_MS;

const HOURLY = [
  'temperature_2m',
  'relative_humidity_2m',
  'precipitation',
  'wind_speed_10m',
  'wind_direction_10m',
  'surface_pressure',
] as const;

/**
 * The hour nearest to `moment` at a place, from Open-Meteo (CC BY 4.0, free for non-commercial use): one small request
 * per game, kept in the download cache. Undefined when that hour has no temperature. Hours that are younger than the
 * archive are a model's, and are said to be; `onImpossible` is called with impossible values.
 */
export async function openMeteoReading(
  base: string,
  place: { readonly latitude: number; readonly longitude: number },
  moment: Date,
  optionsFor: (url: string) => DownloadOptions,
  now: Date = new Date(),
  onImpossible: (what: string) => void = () => {},
): Promise<WeatherReading | undefined> {
  const hour = new Date(hoursNear(moment.getTime(), 1)[0] ?? moment.getTime());
  const recent = now.getTime() - hour.getTime() < ARCHIVE_DELAY_MS;
  const url = `${recent ? forecastAddress(base) : `${base}/v1/archive`}?${query(place, hour)}`;
  // The past does not change, but yesterday's model run does.
  const got = await download(url, { ...optionsFor(url), freshForMs: (recent ? 1 : 30 * 24) * HOUR_MS });
  if (got.kind === 'absent') return undefined;
  const found = valuesAt(await readFile(got.path, 'utf8'), hour, url);
  if (found === undefined) return undefined;
  const observedAt = hour.toISOString();
  const given = {
    temp: found.temperature_2m,
    humidity: found.relative_humidity_2m,
    precip: found.precipitation,
    wind: found.wind_speed_10m,
    windDirection: found.wind_direction_10m,
    pressure: found.surface_pressure,
  };
  const { values, impossible } = possibleValues(given, `open-meteo ${observedAt.slice(0, 13)}`);
  for (const what of impossible) onImpossible(what);
  if (values.temp === null) return undefined;
  const forecasts = recent ? VALUES.filter((name) => values[name] !== null) : [];
  return { source: 'open-meteo', stationId: null, observedAt, ...values, forecasts, impossible };
}

/** The public archive and forecast live on two hosts; a mirror serves both from one. */
function forecastAddress(base: string): string {
  return `${base.replace('://archive-api.open-meteo.com', '://api.open-meteo.com')}/v1/forecast`;
}

function query(place: { readonly latitude: number; readonly longitude: number }, hour: Date): URLSearchParams {
  const day = hour.toISOString().slice(0, 10);
  return new URLSearchParams({
    latitude: String(place.latitude),
    longitude: String(place.longitude),
    start_date: day,
    end_date: day,
    hourly: HOURLY.join(','),
    wind_speed_unit: 'kmh',
    precipitation_unit: 'mm',
    timezone: 'UTC',
  });
}

const VALUES = ['temp', 'humidity', 'precip', 'wind', 'windDirection', 'pressure'] as const;

type Values = Readonly<Record<(typeof HOURLY)[number], unknown>>;

function valuesAt(text: string, hour: Date, url: string): Values | undefined {
  const hourly = hourlyOf(text);
  const times = hourly?.['time'];
  if (hourly === undefined || !Array.isArray(times)) {
    throw new TaskError(`${url}: the answer has no "hourly" table; Open-Meteo may have changed its format`);
  }
  const index = times.indexOf(hour.toISOString().slice(0, 16));
  if (index === -1) return undefined;
  const at = (name: string) => {
    const column = hourly[name];
    return Array.isArray(column) ? (column[index] as unknown) : null;
  };
  return Object.fromEntries(HOURLY.map((name) => [name, at(name)])) as Values;
}

function hourlyOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const answer = JSON.parse(text) as { hourly?: Record<string, unknown> } | null;
    return answer?.hourly;
  } catch {
    return undefined;
  }
}
