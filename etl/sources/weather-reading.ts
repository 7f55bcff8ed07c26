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
};

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
