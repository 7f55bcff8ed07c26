import type pg from 'pg';
import type { OddsSnapshot } from './odds-snapshot.ts';
import { teamCodeOfName } from './team-names.ts';

/** Writes a snapshot's outcomes and notes the call as made; within the caller's transaction. Returns rows changed. */
export async function storeOddsSnapshot(client: pg.Client, requestedAt: Date, snapshot: OddsSnapshot): Promise<number> {
  const outcomes = outcomeRows(snapshot);
  const { rowCount } = await client.query(UPSERT, [JSON.stringify(outcomes)]);
  const linked = await linkOddsToGames(client, snapshot.takenAt ?? undefined);
  await client.query(
    `INSERT INTO odds_snapshots (requested_at, snapshot_ts, events, outcomes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (requested_at) DO UPDATE SET snapshot_ts = excluded.snapshot_ts, events = excluded.events,
       outcomes = excluded.outcomes, fetched_at = now()`,
    [requestedAt, snapshot.takenAt, snapshot.events.length, outcomes.length],
  );
  // A row that was inserted and then linked has changed once.
  return Math.max(rowCount ?? 0, linked);
}

/**
 * Sets game_id of one snapshot's rows, or of all rows, by home team, away team and Eastern date; a game that moved after
 * the snapshot is found by its teams within 7 days, the nearest date first. Returns how many rows changed.
 */
export async function linkOddsToGames(client: pg.Client, snapshotAt?: string): Promise<number> {
  const { rowCount } = await client.query(LINK, [snapshotAt ?? null]);
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

const COLUMNS = `event_id, snapshot_ts, bookmaker, market, outcome, price, point, commence_time, home_team, away_team,
  home_team_name, away_team_name, book_last_update`;

const UPSERT = `
  INSERT INTO odds_history AS o (${COLUMNS})
  SELECT ${COLUMNS} FROM json_populate_recordset(NULL::odds_history, $1)
  ON CONFLICT (event_id, snapshot_ts, bookmaker, market, outcome) DO UPDATE SET
    price = excluded.price, point = excluded.point, commence_time = excluded.commence_time,
    home_team = excluded.home_team, away_team = excluded.away_team, home_team_name = excluded.home_team_name,
    away_team_name = excluded.away_team_name, book_last_update = excluded.book_last_update
  WHERE (o.price, o.point, o.commence_time, o.home_team, o.away_team, o.home_team_name, o.away_team_name,
      o.book_last_update)
    IS DISTINCT FROM (excluded.price, excluded.point, excluded.commence_time, excluded.home_team, excluded.away_team,
      excluded.home_team_name, excluded.away_team_name, excluded.book_last_update)`;

const LINK = `
  WITH events AS (
    SELECT DISTINCT event_id, snapshot_ts, home_team, away_team,
      (commence_time AT TIME ZONE 'America/New_York')::date AS eastern_date
    FROM odds_history WHERE $1::timestamptz IS NULL OR snapshot_ts = $1
  ), linked AS (
    SELECT e.event_id, e.snapshot_ts, (
      SELECT g.game_id FROM games g
      WHERE g.home_team = e.home_team AND g.away_team = e.away_team
        AND g.gameday BETWEEN e.eastern_date - 7 AND e.eastern_date + 7
      ORDER BY abs(g.gameday - e.eastern_date), g.game_id LIMIT 1) AS game_id
    FROM events e
  )
  UPDATE odds_history o SET game_id = l.game_id FROM linked l
  WHERE o.event_id = l.event_id AND o.snapshot_ts = l.snapshot_ts AND o.game_id IS DISTINCT FROM l.game_id`;
