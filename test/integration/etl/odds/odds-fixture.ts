import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openOddsCache } from '../../../../etl/sources/odds/odds-cache.ts';
import { type OddsRefreshOptions, refreshOdds } from '../../../../etl/sources/odds/odds-refresh.ts';
import { storeOddsSnapshot } from '../../../../etl/sources/odds/odds-store.ts';
import type { Sources } from '../../../../etl/sources/source-addresses.ts';
import { ensureSchema } from '../../../../etl/tables/ensure-schema.ts';
import { createTestDatabase } from '../../../support/postgres.ts';
import { type Answer, type OddsServer, oddsEvent, startOddsServer } from './odds-server.ts';

export type OddsFixture = Awaited<ReturnType<typeof openOddsFixture>>;

/** A database with a schedule to fill, a server that sells odds, and a cache, all real and all for one test file. */
export async function openOddsFixture() {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await ensureSchema(client);
  let directory = '';
  let server: OddsServer | undefined;

  return {
    client,
    databaseUrl: database.url,
    serverUrl: () => server?.url ?? 'http://127.0.0.1:1',
    /** Empties the tables and the cache, and stops the server. */
    reset: async () => {
      await client.query('TRUNCATE games, odds_snapshots, odds_calls CASCADE');
      await server?.close();
      server = undefined;
      if (directory !== '') await rm(directory, { recursive: true, force: true });
      directory = await mkdtemp(join(tmpdir(), 'etl-odds-'));
    },
    close: async () => {
      await server?.close();
      await rm(directory, { recursive: true, force: true });
      await client.end();
      await database.close();
    },
    /** Sells odds from now on; what was asked before is forgotten. */
    serve: async (answer: (url: URL, nth: number) => Answer) => {
      const port = server === undefined ? 0 : Number(new URL(server.url).port);
      await server?.close();
      server = await startOddsServer(answer, port);
    },
    /** Waits for a condition, as long as the test may take. */
    until: async (condition: () => Promise<boolean>) => {
      while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    /** The moments that were asked for, in order. */
    asked: () => (server?.requests ?? []).map((url) => url.searchParams.get('date')),
    rows: async <Row extends pg.QueryResultRow>(text: string) => (await client.query<Row>(text)).rows,
    /** The games that an event's rows belong to. */
    gamesOf: async (eventId: string) => {
      const text = 'SELECT DISTINCT game_id FROM odds_history WHERE event_id = $1';
      return (await client.query<{ game_id: string | null }>(text, [eventId])).rows.map((row) => row.game_id);
    },
    /** Puts a game into the schedule; kickoff is Eastern, `2022-09-11 13:00`. */
    schedule: async (gameId: string, kickoff: string | null, gameday = kickoff?.slice(0, 10)) => {
      const [season, week, away, home] = gameId.split('_');
      await client.query(
        `INSERT INTO games (game_id, season, game_type, week, gameday, kickoff, home_team, away_team)
         VALUES ($1, $2, 'REG', $3, $4, $5::timestamp AT TIME ZONE 'America/New_York', $6, $7)`,
        [gameId, season, week, gameday, kickoff, home, away],
      );
    },
    /** Refreshes 2022, from the running server and with a good key unless told otherwise. */
    refresh: async (options: Partial<OddsRefreshOptions> & { readonly key?: string | undefined } = {}) => {
      const { key, ...others } = { key: 'a-good-key', ...options };
      let changed = 0;
      const outcome = await refreshOdds(client, sourcesAt(server?.url ?? 'http://127.0.0.1:1', key), {
        seasons: [2022],
        dates: undefined,
        cache: openOddsCache(directory),
        fromCache: false,
        reload: false,
        maxCredits: undefined,
        run: randomUUID(),
        store: async (call, snapshot) => {
          await client.query('BEGIN');
          changed += await storeOddsSnapshot(client, call.at, snapshot);
          await client.query('COMMIT');
        },
        onProgress: () => {},
        log: () => {},
        http: { attempts: 2, firstPauseMs: 5 },
        ...others,
      });
      return { ...outcome, changed };
    },
  };
}

function sourcesAt(base: string, oddsApiKey: string | undefined): Sources {
  return {
    kind: 'live',
    nflverse: base,
    odds: base,
    meteostat: base,
    openMeteo: base,
    oddsApiKey,
    stableName: (url) => url.replace(base, 'odds:'),
    close: async () => {},
  };
}

export const BILLS_AT_RAMS = oddsEvent('e1', 'Buffalo Bills', 'Los Angeles Rams', '2022-09-09T00:20:00Z');

/** The events of `scheduleThreeDays`. */
export const EVENTS = [
  BILLS_AT_RAMS,
  oddsEvent('e2', 'New England Patriots', 'Miami Dolphins', '2022-09-11T17:00:00Z'),
  oddsEvent('e3', 'Tampa Bay Buccaneers', 'Dallas Cowboys', '2022-09-12T00:20:00Z'),
  oddsEvent('e4', 'Denver Broncos', 'Seattle Seahawks', '2022-09-13T00:15:00Z'),
];

export async function scheduleThreeDays(fixture: OddsFixture): Promise<void> {
  await fixture.schedule('2022_01_BUF_LA', '2022-09-08 20:20');
  await fixture.schedule('2022_01_NE_MIA', '2022-09-11 13:00');
  await fixture.schedule('2022_01_TB_DAL', '2022-09-11 20:20');
  await fixture.schedule('2022_01_DEN_SEA', '2022-09-12 20:15');
}

/** The snapshot five minutes before the moment asked for, with those of the events that are still to come. */
export function snapshotFor(url: URL, events: readonly { commence_time: string }[] = EVENTS, remaining = 5000): Answer {
  const at = Date.parse(url.searchParams.get('date') ?? '');
  const data = events.filter((event) => Date.parse(event.commence_time) > at);
  return {
    body: { timestamp: new Date(at - 300_000).toISOString(), previous_timestamp: null, next_timestamp: null, data },
    headers: { 'x-requests-remaining': String(remaining), 'x-requests-last': '30' },
  };
}
