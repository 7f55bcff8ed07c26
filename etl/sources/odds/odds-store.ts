import type pg from 'pg';
import { teamCodeOfName } from '../team-names.ts';
import type { OddsSnapshot } from './odds-snapshot.ts';

/**
 * Writes a snapshot's outcomes and notes the call as made, within the caller's transaction. Each event gets the game of
 * its home team, away team and Eastern date (at a neutral site also with the teams the other way round); a game that has
 * moved since is found within 7 days, the nearest date first. Returns the rows changed.
 */
export async function storeOddsSnapshot(client: pg.Client, requestedAt: Date, snapshot: OddsSnapshot): Promise<number> {
  const outcomes = outcomeRows(snapshot);
  const { rowCount } = await client.query(UPSERT, [JSON.stringify(outcomes)]);
  await client.query(
    `INSERT INTO odds_snapshots (requested_at, snapshot_ts, events, outcomes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (requested_at) DO UPDATE SET snapshot_ts = excluded.snapshot_ts, events = excluded.events,
       outcomes = excluded.outcomes, fetched_at = now()`,
    [requestedAt, snapshot.takenAt, snapshot.events.length, outcomes.length],
  );
  return rowCount ?? 0;
}

/** Finds the games of all stored events anew, because the schedule may have moved or gained some. Returns rows changed. */
export async function relinkOddsToGames(client: pg.Client): Promise<number> {
  const { rowCount } = await client.query(RELINK);
  return rowCount ?? 0;
}

type OutcomeRow = {
  readonly event_id: string;
  readonly snapshot_ts: string;
  readonly bookmaker: string;
  readonly market: string;
  readonly outcome: string;
  readonly price: number;
  readonly point: number | null;
  readonly commence_time: string;
  readonly home_team: string;
  readonly away_team: string;
  readonly home_team_name: string;
  readonly away_team_name: string;
  readonly book_last_update: string | null;
};

/** One row per event, book, market and outcome; an outcome that a market lists twice is taken as it stands first. */
function outcomeRows({ takenAt, events }: OddsSnapshot): readonly OutcomeRow[] {
  if (takenAt === null) return [];
  const rows = new Map<string, OutcomeRow>();
  for (const event of events) {
    for (const book of event.books) {
      for (const market of book.markets) {
        for (const { name, price, point } of market.outcomes) {
          const key = JSON.stringify([event.id, book.key, market.key, name]);
          if (rows.has(key)) continue;
          rows.set(key, {
            event_id: event.id,
            snapshot_ts: takenAt,
            bookmaker: book.key,
            market: market.key,
            outcome: name,
            price: Math.round(price),
            point,
            commence_time: event.commenceTime,
            home_team: teamCodeOfName(event.homeTeam) ?? event.homeTeam,
            away_team: teamCodeOfName(event.awayTeam) ?? event.awayTeam,
            home_team_name: event.homeTeam,
            away_team_name: event.awayTeam,
            book_last_update: book.lastUpdate,
          });
        }
      }
    }
  }
  return [...rows.values()];
}

const GIVEN = `event_id, snapshot_ts, bookmaker, market, outcome, price, point, commence_time, home_team, away_team,
  home_team_name, away_team_name, book_last_update`;

/**
 * The id of the game that a row of `events` (home_team, away_team, commence_time) is about, or no row. At a neutral site
 * neither team is at home, and the feed may name them the other way round than the schedule.
 */
const GAME_OF_EVENT = `
  SELECT g.game_id FROM games g
  CROSS JOIN LATERAL (
    SELECT abs(g.gameday - (events.commence_time AT TIME ZONE 'America/New_York')::date) AS days_off
  ) AS distance
  CROSS JOIN LATERAL (
    SELECT (g.home_team, g.away_team) = (events.away_team, events.home_team) AS swapped
  ) AS sides
  WHERE ((g.home_team, g.away_team) = (events.home_team, events.away_team) OR (g.neutral AND swapped)) AND days_off <= 7
  ORDER BY swapped, days_off, g.game_id LIMIT 1`;

const UPSERT = `
  WITH given AS MATERIALIZED (
    SELECT ${GIVEN} FROM json_populate_recordset(NULL::odds_history, $1)
  ), events AS (
    SELECT DISTINCT event_id, home_team, away_team, commence_time FROM given
  ), linked AS MATERIALIZED (
    SELECT events.*, (${GAME_OF_EVENT}) AS game_id FROM events
  )
  INSERT INTO odds_history AS o (${GIVEN}, game_id)
  SELECT ${GIVEN}, game_id FROM given JOIN linked USING (event_id, home_team, away_team, commence_time)
  ON CONFLICT (event_id, snapshot_ts, bookmaker, market, outcome) DO UPDATE SET
    price = excluded.price, point = excluded.point, commence_time = excluded.commence_time,
    home_team = excluded.home_team, away_team = excluded.away_team, home_team_name = excluded.home_team_name,
    away_team_name = excluded.away_team_name, book_last_update = excluded.book_last_update, game_id = excluded.game_id
  WHERE (o.price, o.point, o.commence_time, o.home_team, o.away_team, o.home_team_name, o.away_team_name,
      o.book_last_update, o.game_id)
    IS DISTINCT FROM (excluded.price, excluded.point, excluded.commence_time, excluded.home_team, excluded.away_team,
      excluded.home_team_name, excluded.away_team_name, excluded.book_last_update, excluded.game_id)`;

const RELINK = `
  WITH events AS MATERIALIZED (
    SELECT DISTINCT event_id, home_team, away_team, commence_time FROM odds_history
  ), linked AS MATERIALIZED (
    SELECT events.*, (${GAME_OF_EVENT}) AS game_id FROM events
  )
  UPDATE odds_history o SET game_id = l.game_id FROM linked l
  WHERE (o.event_id, o.home_team, o.away_team, o.commence_time) = (l.event_id, l.home_team, l.away_team, l.commence_time)
    AND o.game_id IS DISTINCT FROM l.game_id`;
