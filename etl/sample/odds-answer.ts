import { isoMoment, kickoffMs } from './calendar.ts';
import { clubName, type League } from './league.ts';
import { hashOf, randomOf } from './random.ts';
import { moneyline } from './schedule-file.ts';
import { type Game, makeSeason, type Season, toHalf } from './season.ts';

const SNAPSHOT_MS = 300_000;
const DAY_MS = 86_400_000;
/** How long before a game bookmakers begin to take bets on it. */
const OPENS_MS = 8 * DAY_MS;
const FIRST_SNAPSHOT_MS = Date.parse('2020-06-06T10:00:00Z');

const BOOKS = { draftkings: 'DraftKings', fanduel: 'FanDuel', betmgm: 'BetMGM', williamhill_us: 'Caesars' };
/** This one sometimes lacks the totals. */
const SLOW_BOOK = { bovada: 'Bovada' };
/** This one sometimes also has a market that nobody asked for. */
const EXCHANGE = { betonlineag: 'BetOnline.ag' };

export type OddsAnswers = {
  /** The historical answer of The Odds API v4 for a moment: its latest snapshot, with all games still to be played then. */
  answerAt(momentMs: number): string;
};

export function openOddsAnswers(league: League): OddsAnswers {
  const seasons = new Map<number, Season>();
  const gamesOf = (season: number): readonly Game[] => {
    if (season < league.firstSeason || season > league.lastSeason + 1) return [];
    const { games, cancelled } = seasons.get(season) ?? makeSeason(league, season);
    seasons.set(season, { games, cancelled });
    return cancelled === undefined ? games : [...games, cancelled];
  };
  return {
    answerAt: (momentMs) => {
      if (momentMs < FIRST_SNAPSHOT_MS) return JSON.stringify({ timestamp: null, data: [] });
      const taken = Math.floor(momentMs / SNAPSHOT_MS) * SNAPSHOT_MS - 261_000;
      // From March on, the next season's games are offered.
      const games = gamesOf(new Date(momentMs - 60 * DAY_MS).getUTCFullYear());
      const open = games.filter((game) => {
        const untilKickoff = kickoffMs(game) - momentMs;
        return untilKickoff > 0 && untilKickoff < OPENS_MS;
      });
      return JSON.stringify({
        timestamp: isoMoment(taken),
        previous_timestamp: isoMoment(taken - SNAPSHOT_MS),
        next_timestamp: isoMoment(taken + SNAPSHOT_MS),
        data: open.map((game) => eventOf(game, taken)),
      });
    },
  };
}

function eventOf(game: Game, taken: number) {
  const teams = { home: clubName(game.home, game.season), away: clubName(game.away, game.season) };
  // Lines move from day to day, and differ a little between bookmakers.
  const random = randomOf(`odds ${game.id} ${Math.floor(taken / DAY_MS)}`);
  const moved = random.normal(0, 0.8);
  const bookmakers = Object.entries({ ...BOOKS, ...SLOW_BOOK, ...EXCHANGE }).map(([key, title]) => {
    const last_update = isoMoment(taken - random.int(10, 240) * 1000);
    const spread = toHalf(game.spread + moved + random.normal(0, 0.3));
    const total = toHalf(game.totalLine + random.normal(0, 0.4));
    const juice = () => -110 + random.int(-6, 6);
    const market = (name: string, outcomes: readonly object[]) => ({ key: name, last_update, outcomes });
    const winner = [
      { name: teams.away, price: moneyline(-spread) },
      { name: teams.home, price: moneyline(spread) },
    ];
    const markets = [
      market('h2h', winner),
      ...(key in EXCHANGE && random.chance(0.3) ? [market('h2h_lay', winner)] : []),
      market('spreads', [
        { name: teams.away, price: juice(), point: spread },
        { name: teams.home, price: juice(), point: -spread },
      ]),
      market('totals', [
        { name: 'Over', price: juice(), point: total },
        { name: 'Under', price: juice(), point: total },
      ]),
    ];
    if (key in SLOW_BOOK && random.chance(0.15)) markets.pop();
    return { key, title, last_update, markets };
  });
  return {
    id: [...'abcd'].map((part) => hashOf(`${game.id} ${part}`).toString(16).padStart(8, '0')).join(''),
    sport_key: 'americanfootball_nfl',
    sport_title: 'NFL',
    commence_time: isoMoment(kickoffMs(game)),
    home_team: teams.home,
    away_team: teams.away,
    bookmakers,
  };
}
