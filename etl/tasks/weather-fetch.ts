// The weather at kickoff of the seasons' played games, from Meteostat or Open-Meteo → weather.
import { join } from 'node:path';
import type { DownloadedFile } from '../sources/download.ts';
import { staleCopyNote } from '../sources/stale-copy-note.ts';
import { readWeather, type WeatherProvider } from '../sources/weather/weather-refresh.ts';
import { storeWeather } from '../sources/weather/weather-store.ts';
import { openTables } from '../tables/open-tables.ts';
import { inTableTransaction } from '../tables/table-transaction.ts';
import { TaskError } from '../task-error.ts';
import { runTask } from '../task-main.ts';

await runTask('weather_fetch', async (context) => {
  const provider = readProvider(context.env);
  const sources = await context.openSources();
  const client = await openTables(context);
  const files: DownloadedFile[] = [];
  const impossible = new Set<string>();
  const { results, games, settled, failure } = await readWeather(client, sources, context.seasons, provider, {
    cacheDirectory: context.env['ETL_DOWNLOAD_CACHE'] || join(context.projectDirectory, '.etl-tui/downloads'),
    signal: context.signal,
    log: context.log,
    reload: context.reload,
    onFile: (file) => files.push(file),
    onImpossible: (what) => impossible.add(what),
    onProgress: (done, of) => {
      if (done % 20 === 0 || done === of) context.report({ progress: done / of, message: `game ${done} of ${of}` });
    },
  });
  const changed = await inTableTransaction(client, { table: 'weather' }, () =>
    storeWeather(client, context.seasons, provider, results),
  );
  const without = results.filter(({ need, reading }) => !need.indoor && reading === undefined).length;
  if (without > 0) context.log(`warning: no reading for ${without} games played in the open; weather.note says why`);
  for (const what of impossible) context.log(`warning: ${what}`);
  const forecasts = results.filter(({ reading }) => reading?.forecasts.includes('temp')).length;
  const notes = [
    ...(settled === 0 ? [] : [`${settled} skipped as fresh`]),
    ...(forecasts === 0 ? [] : [`${forecasts} with a forecast instead of an observation`]),
    ...(impossible.size === 0 ? [] : [`${impossible.size} impossible values left out`]),
    ...staleCopyNote(files),
  ];
  context.log([`weather of ${games} played games, ${changed} changed`, ...notes].join(', '));
  context.report({ message: ['played games', ...notes].join(', '), rows: games, rows_changed: changed });
  if (failure !== undefined) throw failure;
});

/** The parameter, unless it is `auto` and leaves it to WEATHER_PROVIDER. */
function readProvider(env: NodeJS.ProcessEnv): WeatherProvider {
  const parameter = env['ETL_PARAM_WEATHER_PROVIDER'] || 'auto';
  const name = parameter === 'auto' ? env['WEATHER_PROVIDER'] || 'meteostat' : parameter;
  if (name === 'meteostat') return 'meteostat';
  if (name === 'open-meteo') return 'open-meteo';
  throw new TaskError(`weather provider "${name}" is unknown; it must be meteostat or open-meteo`, { exitCode: 2 });
}
