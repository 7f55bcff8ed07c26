import { dayAfter, kickoffThursday } from './calendar.ts';
import { type Club, clubsOf, type League, scheduleCode } from './league.ts';
import { drawMatchups } from './matchups.ts';
import { hashOf, type Random, randomOf } from './random.ts';
import { abroadVenues, finalVenue, homeVenue, type Venue } from './venues.ts';

export type GameType = 'REG' | 'WC' | 'DIV' | 'CON' | 'SB';
export type Side = 'home' | 'away';

export type Game = {
  readonly id: string;
  readonly season: number;
  readonly type: GameType;
  readonly week: number;
  /** Eastern date and time, `2023-09-10` and `13:00`; the time is empty when it is not announced. */
  readonly day: string;
  readonly time: string;
  readonly home: Club;
  readonly away: Club;
  readonly venue: Venue;
  /** Points by which the home team is favoured. */
  readonly spread: number;
  readonly totalLine: number;
  /** Days since the last game. */
  readonly rest: Readonly<Record<Side, number>>;
  /** Undefined for a game that has not been played. */
  readonly score: Score | undefined;
};

export type Score = Readonly<Record<Side, number>> & {
  /** The points of each scoring drive, its try included: 3, 6, 7 or 8. */
  readonly drives: Readonly<Record<Side, readonly number[]>>;
  /** What decided a game that was level after four quarters; 0 points when it ended in a tie. */
  readonly overtime: { readonly by: Side; readonly points: 0 | 3 | 6 } | undefined;
};

export type Season = {
  /** In the order of the schedule. */
  readonly games: readonly Game[];
  /** Offered by bookmakers, but never played and no longer in the schedule. */
  readonly cancelled: Game | undefined;
};

const UPCOMING_GAMES = 16;
const CONFERENCES = ['AFC', 'NFC'] as const;

type AddGame = (type: GameType, week: number, match: Match) => Game;
type Match = Readonly<Record<Side, Club>> & { readonly day: string; readonly time: string; readonly venue?: Venue };

/** The schedule of a season with its results. */
export function makeSeason(league: League, season: number): Season {
  const clubs = clubsOf(league);
  const random = randomOf(`season ${season}`);
  const strength = new Map(clubs.map((club) => [club, random.normal(0, 3.7)]));
  const isUpcoming = season > league.lastSeason;
  const lastDay = new Map<Club, string>();
  const restDays = (club: Club, day: string) => {
    const previous = Date.parse(lastDay.get(club) ?? dayAfter(day, -7));
    lastDay.set(club, day);
    return Math.round((Date.parse(day) - previous) / 86_400_000);
  };
  const games: Game[] = [];
  const addGame: AddGame = (type, week, { home, away, day, time, venue }) => {
    const edge = (strength.get(home) ?? 0) - (strength.get(away) ?? 0) + (venue === undefined ? 1.8 : 0);
    const teams = [scheduleCode(away, season), scheduleCode(home, season)];
    const game = {
      id: [season, String(week).padStart(2, '0'), ...teams].join('_'),
      ...{ season, type, week, day, time, home, away },
      venue: venue ?? homeVenue(home, day, random),
      spread: toHalf(edge + random.normal(0, 1)),
      totalLine: toHalf(44 + random.normal(0, 3.2)),
      rest: { home: restDays(home, day), away: restDays(away, day) },
      score: isUpcoming ? undefined : drawScore(edge, type === 'REG', random),
    };
    games.push(game);
    return game;
  };

  addRegularSeason(league, season, random, addGame);
  if (isUpcoming) {
    // One game of the first week has no time yet.
    const upcoming = games.slice(0, UPCOMING_GAMES).map((game, index) => (index === 5 ? { ...game, time: '' } : game));
    return { games: upcoming, cancelled: undefined };
  }
  addPostseason(league, season, rank(games, clubs), addGame);
  return withQuirks(league, season, games);
}

export const toHalf = (value: number): number => Math.round(value * 2) / 2;

function addRegularSeason(league: League, season: number, random: Random, addGame: AddGame): void {
  const weeks = regularWeeks(league, season);
  const plan =
    league.scale === 'full'
      ? { weeks, rivalWeeks: [1, 3, 8, 11, weeks - 3, weeks - 1], byes: [4, 5, 6, 7, 9, 10, 12, 13] }
      : { weeks, rivalWeeks: [1, 3, 5], byes: [] };
  for (const [index, matchups] of drawMatchups(clubsOf(league), plan, random).entries()) {
    const week = index + 1;
    const venueAbroad = league.scale === 'full' ? abroadVenues(season, week) : undefined;
    const slots = slotsOf(week, matchups.length, venueAbroad !== undefined);
    const thursday = dayAfter(kickoffThursday(season), index * 7);
    const timed = matchups.map((matchup, nth) => {
      const [days, time] = slots[nth] ?? [3, '13:00'];
      return { ...matchup, day: dayAfter(thursday, days), time };
    });
    timed.sort((a, b) => (a.day + a.time < b.day + b.time ? -1 : 1));
    for (const match of timed) {
      const venue = match.time === '09:30' ? venueAbroad?.(match.home) : undefined;
      addGame('REG', week, venue === undefined ? match : { ...match, venue });
    }
  }
}

function regularWeeks({ scale }: League, season: number): number {
  if (scale === 'small') return 6;
  return season >= 2021 ? 18 : 17;
}

/** Days after Thursday and times of a week's special games; all others are on Sunday at one. */
function slotsOf(week: number, games: number, abroad: boolean): readonly (readonly [days: number, time: string])[] {
  const sundayNight = [3, '20:20'] as const;
  if (games <= 4) return [[4, '20:15'], sundayNight];
  return [
    [0, week === 1 ? '20:20' : '20:15'],
    [4, '20:15'],
    sundayNight,
    [3, '16:25'],
    [3, '16:25'],
    [3, '16:05'],
    ...(week >= 15
      ? ([2, 2, 2].map((days, nth) => [days, ['20:15', '16:30', '13:00'][nth] ?? '']) as [number, string][])
      : []),
    ...(abroad ? ([[3, '09:30']] as const) : []),
  ];
}

/** Knock-out rounds: in each conference the best against the worst, then the final at a neutral place. */
function addPostseason(league: League, season: number, ranked: readonly Club[], addGame: AddGame): void {
  const seeds = league.scale === 'small' ? 1 : season >= 2020 ? 7 : 6;
  let week = regularWeeks(league, season);
  const sunday = dayAfter(kickoffThursday(season), 3 + (week - 1) * 7);
  const weeksLater = (weeks: number) => dayAfter(sunday, weeks * 7);
  let left = CONFERENCES.map((name) => ranked.filter(({ conference }) => conference === name).slice(0, seeds));
  const types = league.scale === 'small' ? [] : (['WC', 'DIV', 'CON'] as const);
  for (const [round, type] of types.entries()) {
    week++;
    left = left.map((clubs, conference) => {
      // The best one (of seven) or two (of six) have the first round off.
      const resting = type === 'WC' ? 8 - seeds : 0;
      const playing = clubs.slice(resting);
      const winners = playing.slice(0, playing.length / 2).map((home, nth) => {
        const away = playing[playing.length - 1 - nth] ?? home;
        const day = dayAfter(weeksLater(round + 1), nth % 2 === 0 ? 0 : -1);
        const { score } = addGame(type, week, { home, away, day, time: conference === 0 ? '16:30' : '20:15' });
        return score !== undefined && score.home > score.away ? home : away;
      });
      return clubs.filter((club, place) => place < resting || winners.includes(club));
    });
  }
  const [home, away] = left.map(([winner]) => winner);
  const host = ranked[hashOf(`final ${season}`) % ranked.length];
  if (home === undefined || away === undefined || host === undefined) throw new Error('a final needs two clubs');
  const day = weeksLater(types.length + (league.scale === 'full' ? 2 : 1));
  addGame('SB', week + 1, { home, away, day, time: '18:30', venue: finalVenue(host) });
}

/** By wins, then by points. */
function rank(games: readonly Game[], clubs: readonly Club[]): readonly Club[] {
  const standing = new Map<Club, number>();
  const add = (club: Club, margin: number) =>
    standing.set(club, (standing.get(club) ?? 0) + Math.sign(margin) * 1000 + margin);
  for (const { home, away, score } of games) {
    const margin = (score?.home ?? 0) - (score?.away ?? 0);
    add(home, margin);
    add(away, -margin);
  }
  return [...clubs].sort((a, b) => (standing.get(b) ?? 0) - (standing.get(a) ?? 0));
}

/** A score in which the home team is expected to win by `margin` points. */
function drawScore(margin: number, mayTie: boolean, random: Random): Score {
  const drives = { home: drawDrives(22.05 + margin / 2, random), away: drawDrives(22.05 - margin / 2, random) };
  const score = { home: sum(drives.home), away: sum(drives.away), drives, overtime: undefined };
  if (score.home !== score.away) return score;
  const by: Side = random.chance(0.5 + margin / 50) ? 'home' : 'away';
  const points = mayTie && random.chance(0.05) ? 0 : random.chance(0.55) ? 3 : 6;
  return { ...score, [by]: score[by] + points, overtime: { by, points } };
}

function drawDrives(expected: number, random: Random): readonly number[] {
  const count = (mean: number, deviation: number) =>
    Math.max(0, Math.min(8, Math.round(random.normal(mean, deviation))));
  const touchdowns = Array.from({ length: count((expected - 5.1) / 6.95, 1.1) }, () => {
    const roll = random.next();
    return roll < 0.045 ? 8 : roll < 0.14 ? 6 : 7;
  });
  return random.shuffled([...touchdowns, ...Array.from({ length: count(1.65, 1.05) }, () => 3)]);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** In every even season a late game is called off; a correction moves a Sunday game to Monday. */
function withQuirks(league: League, season: number, all: readonly Game[]): Season {
  const week = league.scale === 'full' ? 17 : 5;
  const cancelled = season % 2 === 0 ? all.find((game) => game.week === week && game.time === '20:15') : undefined;
  const games = all.filter((game) => game !== cancelled);
  const moved = league.corrections === 0 ? undefined : games.find((game) => game.week === 2 && game.time === '13:00');
  const move = (game: Game): Game => ({ ...game, day: dayAfter(game.day, 1), time: '17:00' });
  return { games: games.map((game) => (game === moved ? move(game) : game)), cancelled };
}
