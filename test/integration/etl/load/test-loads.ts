import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { League } from '../../../../etl/sample/league.ts';
import { type SampleServer, startSampleServer } from '../../../../etl/sample/server/start-sample-server.ts';
import { openTaskContext, type TaskContext, type TaskReport } from '../../../../etl/task-context.ts';
import { createTestDatabase } from '../../../support/postgres.ts';

const SMALL: League = { scale: 'small', firstSeason: 2022, lastSeason: 2023, corrections: 0 };

export type TestLoads = Awaited<ReturnType<typeof openTestLoads>>;

/** A database, a directory for the sample files of one test file, and tasks that run in this process. */
export async function openTestLoads() {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const directory = await mkdtemp(join(tmpdir(), 'etl-load-'));
  const servers: SampleServer[] = [];
  let runs = 0;

  const envFor = (base: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) => ({
    DATABASE_URL: database.url,
    ETL_PARAM_SEASONS: '2023',
    ...base,
    ...env,
  });

  return {
    client,
    directory,
    databaseUrl: database.url,
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      await client.end();
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
    /** Serves a small invented league; the variables are those that a task finds it by. */
    sample: async (league: Partial<League> = {}) => {
      const server = await startSampleServer({ cacheDir: join(directory, 'sample'), league: { ...SMALL, ...league } });
      servers.push(server);
      const { nflverse, odds, meteostat } = server.addresses;
      return {
        NFLVERSE_BASE_URL: nflverse,
        ODDS_API_BASE_URL: odds,
        METEOSTAT_BASE_URL: meteostat,
        ODDS_API_KEY: server.oddsApiKey,
      };
    },
    /** Runs the work of a task; without a download cache of an earlier run unless `env` names one. */
    run: async (
      work: (context: TaskContext) => Promise<void>,
      base: Readonly<Record<string, string>>,
      env: Readonly<Record<string, string>> = {},
    ): Promise<{ readonly log: string; readonly report: TaskReport }> => {
      const report = join(directory, `report-${++runs}`);
      const cache = join(directory, `downloads-${runs}`);
      const { context, close } = openTaskContext('a task', {
        signal: new AbortController().signal,
        env: envFor(base, { ETL_TASK_REPORT: report, ETL_DOWNLOAD_CACHE: cache, ...env }),
        projectDirectory: directory,
      });
      const lines: string[] = [];
      try {
        await work({ ...context, log: (line) => void lines.push(line) });
      } finally {
        await close();
      }
      const said = (await readFile(report, 'utf8').catch(() => '')).trim().split('\n');
      return { log: lines.join('\n'), report: Object.assign({}, ...said.map((line) => JSON.parse(line || '{}'))) };
    },
    rows: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...values])).rows,
    /** A sum over all that a table holds, in any order; with `stamps` also over when its rows were written. */
    contents: async (table: string, options: { readonly stamps?: boolean } = {}) => {
      const row = options.stamps === true ? 't::text || t.xmin || t.ctid' : `(to_jsonb(t) - 'loaded_at')::text`;
      const { rows } = await client.query<{ sum: string }>(
        `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(${row}, 0)), 0) AS sum FROM ${table} t`,
      );
      return rows[0]?.sum;
    },
    truncate: () => client.query('TRUNCATE games, plays, rosters, odds_snapshots, etl_loads CASCADE'),
  };
}
