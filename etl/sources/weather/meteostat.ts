import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { TaskError } from '../../task-error.ts';
import { type DownloadOptions, download } from '../download.ts';
import { HOUR_MS, hoursNear, possibleValues, type WeatherReading, type WeatherValue } from './weather-reading.ts';

/** How long before or after kickoff a reading may be when the station has none at kickoff. */
const WITHIN_HOURS = 2;

export type Meteostat = {
  /**
   * The reading nearest to `moment` at the first of `stations` that observed a temperature then; when none has, the
   * nearest that a model forecast; undefined when there is no temperature at all. `moment` must be among those the
   * client was opened with.
   */
  readingAt(stations: readonly string[], moment: Date): Promise<WeatherReading | undefined>;
};

/**
 * A client of Meteostat's bulk files, one a station and UTC year. Each file is asked for once per client and kept in the
 * download cache; of each, only the hours around `moments` are held in memory. `optionsFor` is asked per address;
 * `onImpossible` is called with impossible values.
 */
export function openMeteostat(
  base: string,
  moments: readonly Date[],
  optionsFor: (url: string) => DownloadOptions,
  now: Date = new Date(),
  onImpossible: (what: string) => void = () => {},
): Meteostat {
  const wanted = new Set(moments.flatMap((moment) => hoursNear(moment.getTime(), WITHIN_HOURS)));
  const files = new Map<string, Promise<ReadonlyMap<number, WeatherReading>>>();
  const hoursOf = (station: string, year: number) => {
    const url = `${base}/hourly/${year}/${encodeURIComponent(station)}.csv.gz`;
    const known = files.get(url);
    if (known !== undefined) return known;
    const loading = load(url, station, wanted, { ...optionsFor(url), freshForMs: freshForMs(year, now) }, onImpossible);
    files.set(url, loading);
    return loading;
  };
  return {
    readingAt: async (stations, moment) => {
      let forecast: WeatherReading | undefined;
      const impossible: string[] = [];
      for (const station of stations) {
        for (const hour of hoursNear(moment.getTime(), WITHIN_HOURS)) {
          const reading = (await hoursOf(station, new Date(hour).getUTCFullYear())).get(hour);
          if (reading === undefined) continue;
          impossible.push(...reading.impossible);
          if (reading.temp === null) continue;
          if (!reading.forecasts.includes('temp')) return { ...reading, impossible };
          forecast ??= reading;
        }
      }
      return forecast === undefined ? undefined : { ...forecast, impossible };
    },
  };
}

/** Meteostat goes on adding to this year's and last year's files; older ones hardly change. */
function freshForMs(year: number, now: Date): number {
  return (year >= now.getUTCFullYear() - 1 ? 24 : 30 * 24) * HOUR_MS;
}

async function load(
  url: string,
  station: string,
  wanted: ReadonlySet<number>,
  options: DownloadOptions,
  onImpossible: (what: string) => void,
): Promise<ReadonlyMap<number, WeatherReading>> {
  const got = await download(url, options);
  if (got.kind === 'absent') return new Map();
  const bytes = await readFile(got.path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const readings = parseHours(text, station, wanted, url);
  for (const what of [...readings.values()].flatMap(({ impossible }) => impossible)) onImpossible(what);
  return readings;
}

/** The wanted hours of a file, by epoch milliseconds. Columns go by their names, empty fields are null. */
function parseHours(text: string, station: string, wanted: ReadonlySet<number>, url: string) {
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '').replace(/^\uFEFF/, '').split(',');
  const at = (name: string) => header.indexOf(name);
  const [year, month, day, hour, temp] = [at('year'), at('month'), at('day'), at('hour'), at('temp')];
  if ([year, month, day, hour, temp].includes(-1)) {
    throw new TaskError(
      `${url}: the first line names no year, month, day, hour and temp, so its columns cannot be read`,
    );
  }
  const readings = new Map<number, WeatherReading>();
  for (const line of lines.slice(1)) {
    if (line === '') continue;
    const fields = line.split(',');
    const time = Date.UTC(Number(fields[year]), Number(fields[month]) - 1, Number(fields[day]), Number(fields[hour]));
    if (!wanted.has(time)) continue;
    const observedAt = new Date(time).toISOString();
    const given = valuesOf((column) => (fields[at(column)] ?? '').trim());
    const { values, impossible } = possibleValues(given, `${station} ${observedAt.slice(0, 13)}`);
    const forecasts = VALUES.filter(
      (name) => values[name] !== null && isForecast(fields[at(`${COLUMN_OF[name]}_source`)] ?? ''),
    );
    readings.set(time, { source: 'meteostat', stationId: station, observedAt, ...values, forecasts, impossible });
  }
  return readings;
}

const COLUMN_OF = {
  temp: 'temp',
  humidity: 'rhum',
  precip: 'prcp',
  wind: 'wspd',
  windDirection: 'wdir',
  pressure: 'pres',
} as const satisfies Readonly<Record<WeatherValue, string>>;
const VALUES = Object.keys(COLUMN_OF) as readonly WeatherValue[];

function valuesOf(cellOf: (column: string) => string): Readonly<Record<WeatherValue, string>> {
  return Object.fromEntries(VALUES.map((name) => [name, cellOf(COLUMN_OF[name])])) as Record<WeatherValue, string>;
}

/** Meteostat fills hours without an observation from models, such as `dwd_mosmix` and `metno_forecast`. */
function isForecast(source: string): boolean {
  return /mosmix|forecast|model|gfs|hrrr|ecmwf|icon|era5/i.test(source);
}
