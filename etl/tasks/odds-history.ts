// The Odds API's historical odds for the seasons' game days → odds_history.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openOddsCache } from '../sources/odds/odds-cache.ts';
import { parseOddsDates } from '../sources/odds/odds-dates.ts';
import { ODDS_CALLS_AT_ONCE, type OddsRefresh, refreshOdds } from '../sources/odds/odds-refresh.ts';
import { relinkOddsToGames, storeOddsSnapshot } from '../sources/odds/odds-store.ts';
import { requestsAtOnce } from '../sources/requests-at-once.ts';
import { openTables } from '../tables/open-tables.ts';
import { inTableTransaction } from '../tables/table-transaction.ts';
import { TaskError } from '../task-error.ts';
import { runTask, type TaskContext } from '../task-main.ts';

await runTask('odds_history', async (context) => {
  const { fromCache, maxCredits } = readOptions(process.argv.slice(2), context.env);
  const sources = await context.openSources();
  const client = await openTables(context);
  let changed = await inTableTransaction(client, { table: 'odds_history' }, () => relinkOddsToGames(client));
  const refresh = await refreshOdds(client, sources, {
    seasons: context.seasons,
    dates: parseOddsDates(context.env['ETL_PARAM_ODDS_DATES'] || 'all'),
    cache: openOddsCache(cacheDirectory(context)),
    fromCache,
    reload: context.reload,
    // By hand, each call of the program is a run.
    run: context.env['ETL_RUN_ID'] || `by hand ${process.pid} ${new Date().toISOString()}`,
    maxCredits,
    callsAtOnce: requestsAtOnce(ODDS_CALLS_AT_ONCE, context.env),
    signal: context.signal,
    log: context.log,
    store: async (call, snapshot) => {
      changed += await inTableTransaction(client, { table: 'odds_history' }, () =>
        storeOddsSnapshot(client, call.at, snapshot),
      );
    },
    onProgress: ({ done, of, remaining }) =>
      context.report({
        progress: done / of,
        message: `game day ${done} of ${of}`,
        ...(remaining === undefined ? {} : { quota_remaining: remaining }),
      }),
  });
  const message = summary(refresh, fromCache);
  context.log(message);
  context.report({ progress: 1, message, rows: refresh.rows, rows_changed: changed });
});

function summary(refresh: OddsRefresh, fromCache: boolean): string {
  const { dropped } = refresh;
  const lost = dropped === 0 ? '' : `; ${dropped} parts of answers could not be read and are left out`;
  return state(refresh, fromCache) + lost;
}

function state({ days, loaded, requests, spent }: OddsRefresh, fromCache: boolean): string {
  if (days === 0) return 'the schedule has no such game days up to now';
  const odds = loaded === days ? `odds of all ${days} game days` : `odds of ${loaded} of ${days} game days`;
  if (fromCache) return `${odds}, from what is stored; no request was made`;
  if (loaded < days) return `${odds}; this run may spend no more credits, the next one continues`;
  if (requests === 0) return `${odds}, skipped as fresh: no request was made`;
  return `${odds}; ${requests} calls, ${spent} credits`;
}

/** The answers lie beside the other downloads. */
function cacheDirectory({ env, projectDirectory }: TaskContext): string {
  return join(env['ETL_DOWNLOAD_CACHE'] || join(projectDirectory, '.etl-tui/downloads'), 'odds');
}

function readOptions(args: readonly string[], env: NodeJS.ProcessEnv) {
  const options = { 'from-cache': { type: 'boolean' }, 'max-credits': { type: 'string' } } as const;
  const { values } = parse(() => parseArgs({ args: [...args], options, strict: true }));
  const limit = values['max-credits'] ?? (env['ETL_PARAM_MAX_CREDITS'] || 'none');
  if (limit !== 'none' && !/^\d+$/.test(limit)) {
    throw new TaskError(`max credits "${limit}" is neither a whole number, like 300, nor "none"`, { exitCode: 2 });
  }
  return { fromCache: values['from-cache'] === true, maxCredits: limit === 'none' ? undefined : Number(limit) };
}

function parse<Values>(read: () => Values): Values {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new TaskError(`${why}; the options are --from-cache and --max-credits N`, { exitCode: 2 });
  }
}
