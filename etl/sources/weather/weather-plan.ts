import type pg from 'pg';
import { HOUR_MS } from './weather-reading.ts';
import { type WeatherSite, weatherSite } from './weather-stations.ts';
import { venueOf } from './weather-venues.ts';

/** What is known about a played game's weather before the first request. */
export type WeatherNeed = {
  readonly gameId: string;
  readonly venue: string | null;
  readonly kickoff: Date | null;
  readonly indoor: boolean;
  /** Why the reading is uncertain, or why there is none. */
  readonly note: string | null;
  /** Where and when to read; undefined when nothing is to be read. */
  readonly read: { readonly site: WeatherSite; readonly moment: Date } | undefined;
  /** Whether the table already holds a reading that needs no update now. */
  readonly settled: boolean;
};

/**
 * The played games of the seasons; a game without a score has no weather yet. A reading is settled when it is of the
 * same place, hour and provider, and was taken a fortnight after the game or less than a day ago.
 */
export async function planWeather(
  client: pg.Client,
  seasons: readonly number[],
  provider: string,
): Promise<readonly WeatherNeed[]> {
  const { rows } = await client.query<GameRow>(PLAYED_GAMES, [seasons, provider]);
  return rows.map(needOf);
}

type GameRow = {
  readonly game_id: string;
  readonly game_type: string;
  readonly neutral: boolean;
  readonly stadium_id: string | null;
  readonly stadium: string | null;
  readonly home_stadium_id: string | null;
  readonly kickoff: Date | null;
  readonly roof: string | null;
  readonly read_venue: string | null;
};

function needOf(game: GameRow): WeatherNeed {
  const { gameId, venue, corrected } = { gameId: game.game_id, ...placeOf(game) };
  // The roof in the schedule belongs to the stadium in the schedule, and the stadiums abroad are open ones.
  const roof = corrected ? 'outdoors' : game.roof;
  const indoor = (roof === 'dome' || roof === 'closed') && !(game.neutral && venue === null);
  const base = { gameId, venue, kickoff: game.kickoff, indoor };
  const nothing = (note: string | null) => ({ ...base, note, read: undefined, settled: false });
  if (indoor) return nothing(null);
  if (venue === null) return nothing('the schedule does not say where this neutral game was played');
  if (game.kickoff === null) return nothing('the time of kickoff is not known');
  const site = weatherSite(venue);
  if (site === undefined) return nothing(`no weather station is known for the stadium ${venue}`);
  const moment = plausibleKickoff(game.kickoff, site.longitude);
  const note = corrected
    ? `played at ${venue}, not at ${game.stadium_id}`
    : moment !== game.kickoff
      ? 'the schedule has this kickoff in the middle of the night; read 12 hours earlier'
      : roof === null
        ? 'the roof is not known'
        : null;
  return { ...base, note, read: { site, moment }, settled: game.read_venue === venue };
}

/** Two London games of 2018 stand in the schedule at 21:30 Eastern, which is half past two at night there: 09:30 is meant. */
function plausibleKickoff(kickoff: Date, longitude: number): Date {
  const sunHour = (kickoff.getUTCHours() + longitude / 15 + 24) % 24;
  return sunHour < 6 ? new Date(kickoff.getTime() - 12 * HOUR_MS) : kickoff;
}

function placeOf(game: GameRow): { readonly venue: string | null; readonly corrected: boolean } {
  const venue = venueOf({
    gameId: game.game_id,
    gameType: game.game_type,
    neutral: game.neutral,
    stadiumId: game.stadium_id,
    stadiumName: game.stadium,
    homeStadiumId: game.home_stadium_id,
  });
  return { venue: venue?.id ?? null, corrected: venue?.corrected ?? false };
}

const PLAYED_GAMES = `
  WITH home AS (
    SELECT season, home_team, mode() WITHIN GROUP (ORDER BY stadium_id) AS stadium_id
    FROM games WHERE season = ANY ($1) AND NOT neutral GROUP BY season, home_team
  )
  SELECT g.game_id, g.game_type, g.neutral, g.stadium_id, g.stadium, h.stadium_id AS home_stadium_id, g.kickoff, g.roof,
    w.venue AS read_venue
  FROM games g
  LEFT JOIN home h ON h.season = g.season AND h.home_team = g.home_team
  LEFT JOIN weather w ON w.game_id = g.game_id AND w.source = $2 AND w.kickoff = g.kickoff
    AND (w.fetched_at >= g.kickoff + interval '14 days' OR w.fetched_at > now() - interval '24 hours')
  WHERE g.season = ANY ($1) AND g.home_score IS NOT NULL
  ORDER BY g.kickoff, g.game_id`;
