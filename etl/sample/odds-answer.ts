import { easternMs, isoMoment } from './calendar.ts';
import { clubName } from './clubs.ts';
import type { Game, Season } from './game.ts';
import { hashOf, type Random, randomOf } from './random.ts';
import { moneyline } from './schedule-file.ts';
import { makeSeason } from './season.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How long before a game the books begin to take bets on it. */
const OPENS_MS = 8 * DAY_MS;

export type OddsAnswers = {
  /** The historical answer of The Odds API v4 for a moment: its latest snapshot, and all games still to be played then. */
  answerAt(momentMs: number): string;
};

export function openOddsAnswers(world: World): OddsAnswers {
  const seasons = new Map<number, Season>();
  const seasonOf = (season: number) => {
    const known = seasons.get(season) ?? makeSeason(world, season);
    seasons.set(season, known);
    return known;
  };
  return {
    answerAt: (momentMs) => {
      if (momentMs < Date.parse('2020-06-06T10:00:00Z')) return JSON.stringify({ timestamp: null, data: [] });
      const taken = Math.floor(momentMs / (5 * MINUTE_MS)) * 5 * MINUTE_MS - 261_000;
      // From March on it is next season's games that are on the boards.
      const season = new Date(momentMs - 60 * DAY_MS).getUTCFullYear();
      const known = season >= world.firstSeason && season <= world.lastSeason + 1 ? seasonOf(season) : undefined;
      const games = [...(known?.games ?? []), ...(known?.cancelled === undefined ? [] : [known.cancelled])];
      const open = games.filter((game) => {
        const kickoff = kickoffOf(game);
        return kickoff > momentMs && kickoff - momentMs < OPENS_MS;
      });
      return JSON.stringify({
        timestamp: isoMoment(taken),
        previous_timestamp: isoMoment(taken - 5 * MINUTE_MS),
        next_timestamp: isoMoment(taken + 5 * MINUTE_MS),
        data: open.map((game) => eventOf(game, taken)),
      });
    },
  };
}

const kickoffOf = ({ day, time }: Game): number => easternMs(day, time === '' ? '13:00' : time);

const BOOKS = [
  ['draftkings', 'DraftKings'],
  ['fanduel', 'FanDuel'],
  ['betmgm', 'BetMGM'],
  ['williamhill_us', 'Caesars'],
  ['bovada', 'Bovada'],
  ['betonlineag', 'BetOnline.ag'],
] as const;

function eventOf(game: Game, taken: number) {
  const id = [...'abcd'].map((part) => hashOf(`${game.id} ${part}`).toString(16).padStart(8, '0')).join('');
  // Lines move from day to day, and a little from book to book.
  const random = randomOf(`odds ${game.id} ${Math.floor(taken / DAY_MS)}`);
  const moved = half(random.normal(0, 0.8));
  return {
    id,
    sport_key: 'americanfootball_nfl',
    sport_title: 'NFL',
    commence_time: isoMoment(kickoffOf(game)),
    home_team: clubName(game.home, game.season),
    away_team: clubName(game.away, game.season),
    bookmakers: BOOKS.map(([key, title], index) => {
      const lastUpdate = isoMoment(taken - random.int(10, 240) * 1000);
      return { key, title, last_update: lastUpdate, markets: marketsOf(game, moved, index, lastUpdate, random) };
    }),
  };
}

function marketsOf(game: Game, moved: number, book: number, lastUpdate: string, random: Random) {
  const home = clubName(game.home, game.season);
  const away = clubName(game.away, game.season);
  const spread = half(game.spread + moved + random.normal(0, 0.3));
  const total = half(game.totalLine + random.normal(0, 0.4));
  const juice = () => -110 + random.int(-6, 6);
  const market = (key: string, outcomes: readonly object[]) => ({ key, last_update: lastUpdate, outcomes });
  const winner = [
    { name: away, price: moneyline(-spread) },
    { name: home, price: moneyline(spread) },
  ];
  const markets = [
    market('h2h', winner),
    market('spreads', [
      { name: away, price: juice(), point: spread },
      { name: home, price: juice(), point: -spread },
    ]),
    market('totals', [
      { name: 'Over', price: juice(), point: total },
      { name: 'Under', price: juice(), point: total },
    ]),
  ];
  // An exchange also sells the other side, which nobody asked for; and a book may be late with a market.
  if (book === 5 && random.chance(0.3)) markets.splice(1, 0, market('h2h_lay', winner));
  if (book === 4 && random.chance(0.15)) markets.pop();
  return markets;
}

function half(value: number): number {
  return Math.round(value * 2) / 2;
}
