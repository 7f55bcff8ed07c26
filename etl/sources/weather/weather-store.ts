import type pg from 'pg';
import type { WeatherNeed } from './weather-plan.ts';
import type { WeatherReading, WeatherValue } from './weather-reading.ts';

/** What is known now; `reading` undefined when the provider had none for that hour. */
export type WeatherResult = { readonly need: WeatherNeed; readonly reading: WeatherReading | undefined };

/**
 * Writes the results and removes the rows of games that have no score (any more), within the caller's transaction.
 * Returns the rows that changed in substance; that a reading was confirmed does not count.
 */
export async function storeWeather(
  client: pg.Client,
  seasons: readonly number[],
  provider: string,
  results: readonly WeatherResult[],
): Promise<number> {
  const rows = results.map((result) => weatherRow(result, provider));
  const removed = await client.query(REMOVE_UNPLAYED, [seasons]);
  const changed = await client.query(UPSERT, [JSON.stringify(rows)]);
  const read = results.filter(({ need }) => need.read !== undefined).map(({ need }) => need.gameId);
  await client.query('UPDATE weather SET fetched_at = now() WHERE game_id = ANY ($1)', [read]);
  return (removed.rowCount ?? 0) + (changed.rowCount ?? 0);
}

function weatherRow({ need, reading }: WeatherResult, provider: string) {
  return {
    game_id: need.gameId,
    source: need.indoor ? 'indoor' : need.read === undefined ? 'none' : provider,
    station_id: reading?.stationId ?? null,
    observed_at: reading?.observedAt ?? null,
    indoor: need.indoor,
    temp_c: reading?.temp ?? null,
    humidity: reading?.humidity ?? null,
    precip_mm: reading?.precip ?? null,
    wind_kph: reading?.wind ?? null,
    wind_dir: reading?.windDirection ?? null,
    pressure_hpa: reading?.pressure ?? null,
    forecast_columns: forecastColumns(reading),
    note: noteOf(need, reading, provider),
    venue: need.venue,
    kickoff: need.kickoff,
  };
}

/** All reasons why the reading is uncertain. */
function noteOf(need: WeatherNeed, reading: WeatherReading | undefined, provider: string): string | null {
  if (need.read !== undefined && reading === undefined) return `${provider} has no reading near kickoff`;
  const forecast = forecastColumns(reading);
  const reasons = [
    ...(need.note === null ? [] : [need.note]),
    ...(forecast.length === 0 ? [] : [`forecast by a model, not observed: ${forecast.join(', ')}`]),
    ...(reading?.impossible ?? []),
  ];
  return reasons.length === 0 ? null : reasons.join('; ');
}

function forecastColumns(reading: WeatherReading | undefined): readonly string[] {
  return (reading?.forecasts ?? []).map((value) => COLUMN_OF[value]);
}

const COLUMN_OF: Readonly<Record<WeatherValue, string>> = {
  temp: 'temp_c',
  humidity: 'humidity',
  precip: 'precip_mm',
  wind: 'wind_kph',
  windDirection: 'wind_dir',
  pressure: 'pressure_hpa',
};

const COLUMNS = [
  'source',
  'station_id',
  'observed_at',
  'indoor',
  'temp_c',
  'humidity',
  'precip_mm',
  'wind_kph',
  'wind_dir',
  'pressure_hpa',
  'forecast_columns',
  'note',
  'venue',
  'kickoff',
] as const;

const listed = (prefix: string) => COLUMNS.map((column) => `${prefix}${column}`).join(', ');

const UPSERT = `
  INSERT INTO weather AS w (game_id, ${listed('')})
  SELECT game_id, ${listed('')} FROM json_populate_recordset(NULL::weather, $1)
  ON CONFLICT (game_id) DO UPDATE SET
    ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}, fetched_at = excluded.fetched_at
  WHERE (${listed('w.')}) IS DISTINCT FROM (${listed('excluded.')})`;

const REMOVE_UNPLAYED = `
  DELETE FROM weather w USING games g
  WHERE g.game_id = w.game_id AND g.season = ANY ($1) AND g.home_score IS NULL`;
