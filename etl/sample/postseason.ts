import { dayAfter } from './calendar.ts';
import type { Club } from './clubs.ts';
import type { Game, GameType } from './game.ts';
import type { GameDay } from './game-days.ts';
import { hashOf } from './random.ts';
import { finalVenue, type Venue } from './venues.ts';
import type { World } from './world.ts';

/** What the games after the regular season are made with. */
export type PostseasonOptions = {
  readonly world: World;
  readonly season: number;
  readonly clubs: readonly Club[];
  /** The Sunday of the last regular week. */
  readonly lastSunday: string;
  readonly stage: (type: GameType, week: number, home: Club, away: Club, when: GameDay, place?: Venue) => Game;
};

/** Appends the games of the postseason: the best of each conference, the better ones at home, then the final. */
export function drawPostseason(games: Game[], options: PostseasonOptions): void {
  const { world, season, clubs, lastSunday, stage } = options;
  const seeds = world.scale === 'small' ? 1 : season >= 2020 ? 7 : 6;
  const regularWeeks = Math.max(...games.map((game) => game.week));
  const ranked = rank(games, clubs);
  let rounds = 0;
  const play = (type: GameType, pairs: readonly (readonly [Club, Club])[]): Club[] => {
    rounds++;
    return pairs.map(([home, away], index) => {
      const day = dayAfter(lastSunday, rounds * 7 - (index % 2 === 0 ? 0 : 1));
      const game = stage(type, regularWeeks + rounds, home, away, { day, time: TIMES[index % TIMES.length] ?? '' });
      games.push(game);
      return (game.score?.home ?? 0) > (game.score?.away ?? 0) ? home : away;
    });
  };

  let left = (['AFC', 'NFC'] as const).map((name) => ranked.filter((club) => club.conference === name).slice(0, seeds));
  for (const type of ['WC', 'DIV', 'CON'] as const) {
    // With seven (or six) clubs the best one (or two) have the first round off.
    const resting = type === 'WC' ? 8 - seeds : 0;
    const playing = left.map((conference) => conference.slice(resting));
    if (playing.every((conference) => conference.length < 2)) continue;
    const winners = play(type, playing.flatMap(bestAgainstWorst));
    left = left.map((conference) =>
      conference.filter((club, place) => (type === 'WC' && place < resting) || winners.includes(club)),
    );
  }
  const [home, away] = left.map(([winner]) => winner);
  const host = clubs[hashOf(`final ${season}`) % clubs.length];
  if (home === undefined || away === undefined || host === undefined) throw new Error('a final needs two clubs');
  rounds++;
  const day = dayAfter(lastSunday, (rounds + (world.scale === 'full' ? 1 : 0)) * 7);
  games.push(stage('SB', regularWeeks + rounds, home, away, { day, time: '18:30' }, finalVenue(host)));
}

const TIMES = ['16:30', '20:15', '13:00', '16:35', '20:20', '13:05'];

function bestAgainstWorst(conference: readonly Club[]): (readonly [Club, Club])[] {
  const pairs: (readonly [Club, Club])[] = [];
  for (let place = 0; place < conference.length >> 1; place++) {
    pairs.push([conference[place] as Club, conference[conference.length - 1 - place] as Club]);
  }
  return pairs;
}

/** By wins, then by points. */
function rank(games: readonly Game[], clubs: readonly Club[]): Club[] {
  const standing = new Map(clubs.map((club) => [club, 0]));
  for (const { home, away, score } of games) {
    const margin = (score?.home ?? 0) - (score?.away ?? 0);
    const won = (value: number) => (value > 0 ? 1000 : value === 0 ? 500 : 0) + value;
    standing.set(home, (standing.get(home) ?? 0) + won(margin));
    standing.set(away, (standing.get(away) ?? 0) + won(-margin));
  }
  return [...clubs].sort((a, b) => (standing.get(b) ?? 0) - (standing.get(a) ?? 0));
}
