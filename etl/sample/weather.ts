import { stationPlaces, weatherSite } from '../sources/weather/weather-stations.ts';
import { kickoffMs } from './calendar.ts';
import { hashOf } from './random.ts';
import type { Game } from './season.ts';

type Place = { readonly latitude: number; readonly longitude: number };
type Hour = {
  /** Degrees Celsius. */
  readonly temp: number;
  /** Per cent. */
  readonly humidity: number;
  /** Millimetres. */
  readonly rain: number;
  /** Kilometres per hour, and degrees. */
  readonly wind: number;
  readonly windDirection: number;
  /** Hectopascal. */
  readonly pressure: number;
};

const HOUR_MS = 3_600_000;
const YEAR_HOURS = 8766;
/** The warmest hour in the north, in the second half of July, counted from 1970. */
const WARMEST_HOUR = 4850;

/**
 * An invented climate: colder away from the equator, in winter and before dawn, with fronts that pass within days. Every
 * hour can be computed on its own.
 */
function climateAt({ latitude, longitude }: Place, ms: number): Hour {
  const hour = Math.floor(ms / HOUR_MS);
  const fromEquator = Math.abs(latitude);
  const season = Math.cos(((hour - WARMEST_HOUR) / YEAR_HOURS) * 2 * Math.PI) * (latitude >= 0 ? 1 : -1);
  const daily = Math.cos(((hour + longitude / 15 - 15) / 24) * 2 * Math.PI);
  // Places near each other have the same weather.
  const phase = (Math.abs(Math.round(latitude / 2) * 73 + Math.round(longitude / 2) * 151) % 628) / 100;
  const front =
    Math.sin(hour / 17.3 + phase) + Math.sin(hour / 29.9 + 2.1 * phase) + Math.sin(hour / 8.7 + 3.3 * phase);
  const noise = ((Math.imul(hour ^ (phase * 1e6), 0x9e3779b1) >>> 16) & 0xff) / 255;
  // Europe is warmer than America at the same latitude.
  const mild = longitude > -15 && longitude < 40 ? 6 : 0;
  const yearly = 28 - 0.72 * Math.max(0, fromEquator - 20) + mild + (2 + 0.28 * fromEquator - mild) * season;
  return {
    temp: tenths(yearly + 4.5 * daily + 2.2 * front + noise),
    humidity: Math.round(Math.max(18, Math.min(100, 64 - 14 * daily + 14 * front))),
    rain: tenths(Math.max(0, front - 1.9) * 3 * noise),
    wind: tenths(Math.max(0, 11 + 4 * front + 3 * daily + 6 * (noise - 0.5))),
    windDirection: Math.round(((front * 60 + noise * 40 + phase * 57) % 360) + 360) % 360,
    pressure: tenths(1015 - 4 * front),
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** The weather at kickoff as the schedule has it; undefined below a closed roof. */
export function kickoffWeather(game: Game): { readonly fahrenheit: number; readonly mph: number } | undefined {
  const { roof, stadiumId } = game.venue;
  if (roof !== 'outdoors' && roof !== 'open') return undefined;
  const site = weatherSite(stadiumId);
  if (site === undefined) throw new Error(`no such stadium: ${stadiumId}`);
  const { temp, wind } = climateAt(site, kickoffMs(game));
  return { fahrenheit: Math.round(temp * 1.8 + 32), mph: Math.round(wind / 1.609) };
}

/** Whether a station has hours of a year: one in twelve is silent in any year. */
export function hasHours(station: string, year: number): boolean {
  return stationPlaces().has(station) && hashOf(`${station} ${year}`) % 12 !== 0;
}

const METEOSTAT_COLUMNS = 'temp rhum prcp snwd wdir wspd wpgt pres tsun cldc coco'.split(' ');

/** A station's hours of a year in Meteostat's bulk form. */
export function stationText(station: string, year: number): string {
  const place = stationPlaces().get(station);
  if (place === undefined) throw new Error(`no such station: ${station}`);
  const lines = [`year,month,day,hour,${METEOSTAT_COLUMNS.map((column) => `${column},${column}_source`).join(',')}\n`];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += HOUR_MS) {
    const date = new Date(at);
    const { temp, humidity, rain, wind, windDirection, pressure } = climateAt(place, at);
    // Meteostat's code of the sky: 8 rain, 7 light rain, 4 overcast, 1 clear.
    const sky = rain > 1 ? 8 : rain > 0 ? 7 : humidity > 75 ? 4 : 1;
    // The thermometer fails for an hour now and then.
    const hasTemp = hashOf(`${station} ${at}`) % 150 !== 0;
    const values = [hasTemp ? temp : '', humidity, rain, '', windDirection, wind, '', pressure, '', '', sky];
    const cells = values.map((value) => (value === '' ? ',' : `${value},isd_lite`)).join(',');
    lines.push(`${year},${date.getUTCMonth() + 1},${date.getUTCDate()},${date.getUTCHours()},${cells}\n`);
  }
  return lines.join('');
}

const OPEN_METEO_COLUMNS: Readonly<Record<string, (hour: Hour) => number>> = {
  temperature_2m: ({ temp }) => temp,
  relative_humidity_2m: ({ humidity }) => humidity,
  precipitation: ({ rain }) => rain,
  wind_speed_10m: ({ wind }) => wind,
  wind_gusts_10m: ({ wind }) => tenths(wind * 1.6),
  wind_direction_10m: ({ windDirection }) => windDirection,
  surface_pressure: ({ pressure }) => pressure,
};

/** Open-Meteo's answer to a query of hourly values between two days; undefined for a query that it would reject. */
export function openMeteoAnswer(query: URLSearchParams): string | undefined {
  const place = { latitude: Number(query.get('latitude')), longitude: Number(query.get('longitude')) };
  const from = Date.parse(`${query.get('start_date')}T00:00:00Z`);
  const to = Date.parse(`${query.get('end_date')}T23:00:00Z`);
  const names = (query.get('hourly') ?? '').split(',');
  const isKnown = names.every((name) => OPEN_METEO_COLUMNS[name] !== undefined);
  if (!(from <= to) || to - from > 400 * 24 * HOUR_MS || !isKnown) return undefined;
  const moments = Array.from({ length: (to - from) / HOUR_MS + 1 }, (_, index) => from + index * HOUR_MS);
  const hours = moments.map((at) => climateAt(place, at));
  const columns = names.map((name) => [name, hours.map((hour) => OPEN_METEO_COLUMNS[name]?.(hour))]);
  const time = moments.map((at) => new Date(at).toISOString().slice(0, 16));
  return JSON.stringify({
    ...place,
    elevation: 30,
    utc_offset_seconds: 0,
    hourly: { time, ...Object.fromEntries(columns) },
  });
}
