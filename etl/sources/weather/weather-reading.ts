/** What was measured at one place in one hour; null where the source has no value. */
export type WeatherReading = {
  readonly source: 'meteostat' | 'open-meteo';
  readonly stationId: string | null;
  /** The hour of the reading, ISO 8601, UTC. */
  readonly observedAt: string;
  /** Degrees Celsius. */
  readonly temp: number | null;
  /** Relative, per cent. */
  readonly humidity: number | null;
  /** Millimetres in the hour. */
  readonly precip: number | null;
  /** Kilometres per hour. */
  readonly wind: number | null;
  /** Degrees from north that the wind comes from. */
  readonly windDirection: number | null;
  /** Hectopascal. */
  readonly pressure: number | null;
  /** The values that are forecasts of a weather model, not observations. */
  readonly forecasts: readonly WeatherValue[];
  /** Impossible values near kickoff that were left out, described. */
  readonly impossible: readonly string[];
};

export type WeatherValue = 'temp' | 'humidity' | 'precip' | 'wind' | 'windDirection' | 'pressure';

/** Values beyond the records of places where games are played, with room to spare, in the units of a reading. */
const POSSIBLE: Readonly<Record<WeatherValue, readonly [least: number, most: number]>> = {
  temp: [-60, 60],
  humidity: [0, 100],
  precip: [0, 350],
  wind: [0, 300],
  windDirection: [0, 360],
  pressure: [500, 1100],
};

/** A source's values; impossible ones become null and are described. `place` says where and when. */
export function possibleValues(given: Readonly<Record<WeatherValue, unknown>>, place: string) {
  const impossible: string[] = [];
  const read = (name: WeatherValue): number | null => {
    const value = given[name];
    if (value === null || value === undefined || value === '') return null;
    const [least, most] = POSSIBLE[name];
    const number = Number(value);
    if (number >= least && number <= most) return number;
    impossible.push(`${place}: ${name} ${String(value).slice(0, 20)} is impossible and left out`);
    return null;
  };
  const values = {
    temp: read('temp'),
    humidity: read('humidity'),
    precip: read('precip'),
    wind: read('wind'),
    windDirection: read('windDirection'),
    pressure: read('pressure'),
  };
  return { values, impossible };
}

export const HOUR_MS = 3_600_000;

/** The full hours around a moment, the nearest first; of two equally near ones the earlier. Epoch milliseconds. */
export function hoursNear(momentMs: number, withinHours: number): readonly number[] {
  const floor = Math.floor(momentMs / HOUR_MS) * HOUR_MS;
  const hours: number[] = [];
  for (let offset = -withinHours; offset <= withinHours + 1; offset++) hours.push(floor + offset * HOUR_MS);
  return hours
    .filter((hour) => Math.abs(hour - momentMs) <= withinHours * HOUR_MS)
    .sort((a, b) => Math.abs(a - momentMs) - Math.abs(b - momentMs) || a - b);
}
