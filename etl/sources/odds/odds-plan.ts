import type pg from 'pg';
import type { OddsDates } from './odds-dates.ts';

/** One call to make: the snapshot in force at this moment, before the first kickoff of a game day. */
export type OddsCall = {
  readonly at: Date;
  /** The Eastern date, for messages. */
  readonly gameDay: string;
  /** The table holds the answer in full. */
  readonly stored: boolean;
};

/** An hour at which every game of an American game day is still to come, London's and Munich's included. */
const MORNING_UTC = '12:00';

/**
 * The calls for the seasons' game days (Eastern dates) up to `now`, newest first, so that the oldest days are left out
 * when credits run short. A day whose first kickoff is unusually early is asked for an hour before it. A day that had no
 * odds is asked for again after a day, which is free.
 */
export async function planOddsCalls(
  client: pg.Client,
  seasons: readonly number[],
  dates: OddsDates,
  now: Date,
): Promise<OddsCall[]> {
  const { rows } = await client.query<{ at: Date; game_day: string; stored: boolean }>(
    `WITH days AS (
       SELECT gameday, least((gameday + time '${MORNING_UTC}') AT TIME ZONE 'UTC', min(kickoff) - interval '1 hour') AS at
       FROM games WHERE season = ANY ($1) GROUP BY gameday
     )
     SELECT at, to_char(gameday, 'YYYY-MM-DD') AS game_day, coalesce(CASE
         WHEN s.snapshot_ts IS NULL THEN s.fetched_at > now() - interval '1 day'
         -- Somebody may have emptied the table since.
         ELSE s.outcomes <= (SELECT count(*) FROM odds_history o WHERE o.snapshot_ts = s.snapshot_ts)
       END, false) AS stored
     FROM days LEFT JOIN odds_snapshots s ON s.requested_at = days.at
     WHERE at <= $2 AND ($3::date IS NULL OR gameday BETWEEN $3 AND $4) ORDER BY at DESC`,
    [seasons, now, dates?.from, dates?.to],
  );
  return rows.map((row) => ({ at: row.at, gameDay: row.game_day, stored: row.stored }));
}

/** How many outcomes the answers to these calls hold. */
export async function countOddsOutcomes(client: pg.Client, calls: readonly OddsCall[]): Promise<number> {
  const { rows } = await client.query<{ outcomes: number }>(
    'SELECT coalesce(sum(outcomes), 0)::int AS outcomes FROM odds_snapshots WHERE requested_at = ANY ($1)',
    [calls.map((call) => call.at)],
  );
  return rows[0]?.outcomes ?? 0;
}
