import { stationPlaces } from '../sources/weather-stations.ts';
import { climateAt, type Hour } from './climate.ts';
import { hashOf } from './random.ts';

const HOUR_MS = 3_600_000;

const COLUMNS = ['temp', 'rhum', 'prcp', 'snwd', 'wdir', 'wspd', 'wpgt', 'pres', 'tsun', 'cldc', 'coco'];

/** Whether a station has hours of a year: one in twelve was silent in any year. */
export function hasHours(station: string, year: number): boolean {
  return stationPlaces().has(station) && hashOf(`${station} ${year}`) % 12 !== 0;
}

/** The text of a station's hours of a year in Meteostat's bulk form. */
export function stationText(station: string, year: number): string {
  const place = stationPlaces().get(station);
  if (place === undefined) throw new Error(`no such station: ${station}`);
  const lines = [`year,month,day,hour,${COLUMNS.map((column) => `${column},${column}_source`).join(',')}\n`];
  const end = Date.UTC(year + 1, 0, 1);
  for (let at = Date.UTC(year, 0, 1); at < end; at += HOUR_MS) {
    const date = new Date(at);
    const when = `${year},${date.getUTCMonth() + 1},${date.getUTCDate()},${date.getUTCHours()}`;
    const hour = climateAt(place, at);
    // The thermometer fails for an hour now and then.
    const temp = hashOf(`${station} ${at}`) % 150 === 0 ? '' : hour.temp;
    const { humidity, rain, windDirection, wind, pressure } = hour;
    const told = (value: number | string) => (value === '' ? ',' : `${value},isd_lite`);
    lines.push(
      `${when},${told(temp)},${told(humidity)},${told(rain)},,,${told(windDirection)},${told(wind)},,,${told(pressure)},,,,,${told(skyOf(hour))}\n`,
    );
  }
  return lines.join('');
}

/** Meteostat's code of the sky: 1 is fair, 7 light rain, 8 rain. */
function skyOf({ rain, humidity }: Hour): number {
  if (rain > 1) return 8;
  if (rain > 0) return 7;
  return humidity > 75 ? 4 : humidity > 60 ? 3 : 1;
}

/** The answer of Open-Meteo's archive and forecast to a query of hourly values between two days. */
export function openMeteoAnswer(query: URLSearchParams): { readonly status: number; readonly body: string } {
  const place = { latitude: Number(query.get('latitude')), longitude: Number(query.get('longitude')) };
  const from = Date.parse(`${query.get('start_date')}T00:00:00Z`);
  const to = Date.parse(`${query.get('end_date')}T23:00:00Z`);
  const names = (query.get('hourly') ?? '').split(',');
  if (!(from <= to) || to - from > 400 * 24 * HOUR_MS || names.some((name) => READ[name] === undefined)) {
    const reason = 'Parameter start_date, end_date or hourly is not as it should be';
    return { status: 400, body: JSON.stringify({ error: true, reason }) };
  }
  const moments = Array.from({ length: (to - from) / HOUR_MS + 1 }, (_, index) => from + index * HOUR_MS);
  const hours = moments.map((at) => climateAt(place, at));
  const columns = names.map((name) => [name, hours.map((hour) => READ[name]?.(hour))]);
  const time = moments.map((at) => new Date(at).toISOString().slice(0, 16));
  const body = { ...place, elevation: 30, utc_offset_seconds: 0, hourly: { time, ...Object.fromEntries(columns) } };
  return { status: 200, body: JSON.stringify(body) };
}

const READ: Readonly<Record<string, (hour: Hour) => number>> = {
  temperature_2m: ({ temp }) => temp,
  relative_humidity_2m: ({ humidity }) => humidity,
  precipitation: ({ rain }) => rain,
  wind_speed_10m: ({ wind }) => wind,
  wind_gusts_10m: ({ wind }) => Math.round(wind * 16) / 10,
  wind_direction_10m: ({ windDirection }) => windDirection,
  surface_pressure: ({ pressure }) => pressure,
};
