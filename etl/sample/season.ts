import { dayAfter, kickoffThursday } from './calendar.ts';
import { type Club, clubsOf, scheduleCode } from './clubs.ts';
import type { Game, GameType, Season } from './game.ts';
import { type GameDay, weekDays } from './game-days.ts';
import { drawPostseason } from './postseason.ts';
import { randomOf } from './random.ts';
import { drawRounds, type RoundsPlan } from './rounds.ts';
import { drawScores, scoreOf } from './score-script.ts';
import { hostsAbroad, type Venue, venueAtHome } from './venues.ts';
import type { World } from './world.ts';

const FIRST_TO_COME = 16;

/** The schedule of a season with its results, in the order of the file. */
export function makeSeason(world: World, season: number): Season {
  const clubs = clubsOf(world);
  const random = randomOf(`season ${season}`);
  const strength = new Map(clubs.map((club) => [club, random.normal(0, 3.7)]));
  const toCome = season > world.lastSeason;
  const lastDay = new Map<Club, string>();
  const rest = (club: Club, day: string) => {
    const before = lastDay.get(club);
    lastDay.set(club, day);
    return before === undefined ? 7 : Math.round((Date.parse(day) - Date.parse(before)) / 86_400_000);
  };

  const stage = (type: GameType, week: number, home: Club, away: Club, when: GameDay, place?: Venue): Game => {
    const advantage = place === undefined ? 1.8 : 0;
    const edge = (strength.get(home) ?? 0) - (strength.get(away) ?? 0) + advantage;
    const half = (value: number) => Math.round(value * 2) / 2;
    const script = toCome ? undefined : drawScores(edge, type === 'REG', random);
    const id = [season, String(week).padStart(2, '0'), scheduleCode(away, season), scheduleCode(home, season)].join(
      '_',
    );
    return {
      id,
      season,
      type,
      week,
      ...when,
      home,
      away,
      venue: place ?? venueAtHome(home, when.day, random),
      spread: half(edge + random.normal(0, 1)),
      totalLine: half(44 + random.normal(0, 3.2)),
      restHome: rest(home, when.day),
      restAway: rest(away, when.day),
      script,
      score: script && scoreOf(script),
    };
  };

  const games: Game[] = [];
  for (const [index, pairings] of drawRounds(clubs, roundsPlan(world, season), random).entries()) {
    const week = index + 1;
    const abroad = hostsAbroad(season, week, world);
    const days = weekDays(pairings, { season, week, abroad: abroad !== undefined, random });
    for (const { pairing, when } of days) {
      const isAbroad = abroad !== undefined && when.time === '09:30';
      const place = isAbroad ? abroad(pairing.home) : undefined;
      games.push(stage('REG', week, pairing.home, pairing.away, when, place));
    }
    if (toCome) break;
  }
  if (toCome) return { games: games.slice(0, FIRST_TO_COME).map(unannounced), cancelled: undefined };
  const sunday = dayAfter(kickoffThursday(season), 3);
  drawPostseason(games, { world, season, clubs, lastSunday: dayAfter(sunday, (lastWeek(games) - 1) * 7), stage });
  return withCorrections(world, withCancellation(world, season, games));
}

function roundsPlan(world: World, season: number): RoundsPlan {
  if (world.scale === 'small') return { weeks: 6, rivalWeeks: [1, 3, 5] };
  const weeks = season >= 2021 ? 18 : 17;
  return { weeks, rivalWeeks: [1, 3, 8, 11, weeks - 3, weeks - 1], byes: { from: 4, to: 13 } };
}

const lastWeek = (games: readonly Game[]): number => Math.max(...games.map((game) => game.week));

/** One game of the week has no time yet. */
function unannounced(game: Game, index: number): Game {
  return index === 5 ? { ...game, time: '' } : game;
}

/** In every other season one of the late night games is called off for good. */
function withCancellation(world: World, season: number, games: readonly Game[]): Season {
  const week = world.scale === 'full' ? 17 : 5;
  const index = season % 2 === 0 ? games.findIndex((game) => game.week === week && game.time === '20:15') : -1;
  const cancelled = games[index];
  return { games: games.filter((game) => game !== cancelled), cancelled };
}

/** A Sunday game is moved to Monday once the schedule is out. */
function withCorrections(world: World, season: Season): Season {
  if (world.corrections === 0) return season;
  const moved = season.games.find((game) => game.week === 2 && game.time === '13:00');
  const move = (game: Game) => (game === moved ? { ...game, day: dayAfter(game.day, 1), time: '17:00' } : game);
  return { ...season, games: season.games.map(move) };
}
