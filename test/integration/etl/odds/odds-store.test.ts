import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { relinkOddsToGames } from '../../../../etl/sources/odds/odds-store.ts';
import {
  BILLS_AT_RAMS,
  EVENTS,
  type OddsFixture,
  openOddsFixture,
  scheduleThreeDays,
  snapshotFor,
} from './odds-fixture.ts';
import { oddsEvent } from './odds-server.ts';

let odds: OddsFixture;
beforeAll(async () => {
  odds = await openOddsFixture();
});
afterAll(() => odds.close());
beforeEach(() => odds.reset());

test('a night game belongs to its Eastern date, though its UTC date is the next day', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh();
  expect(await odds.gamesOf('e1')).toEqual(['2022_01_BUF_LA']);
  expect(await odds.gamesOf('e4')).toEqual(['2022_01_DEN_SEA']);
  const [row] = await odds.rows(`SELECT * FROM odds_history WHERE event_id = 'e1' AND bookmaker = 'first_book'
    AND market = 'spreads' AND outcome = 'Los Angeles Rams'`);
  expect(row).toMatchObject({
    home_team: 'LA',
    away_team: 'BUF',
    home_team_name: 'Los Angeles Rams',
    price: -110,
    point: '-2.5',
    commence_time: new Date('2022-09-09T00:20:00Z'),
    snapshot_ts: new Date('2022-09-08T11:55:00Z'),
  });
});

test('a cancelled game and the Pro Bowl are stored without a game', async () => {
  await scheduleThreeDays(odds);
  await odds.schedule('2022_20_CIN_BUF', '2023-01-22 15:00');
  const cancelled = oddsEvent('cancelled', 'Buffalo Bills', 'Cincinnati Bengals', '2023-01-03T01:30:00Z');
  const proBowl = oddsEvent('pro-bowl', 'AFC', 'NFC', '2023-02-05T20:00:00Z');
  await odds.serve((url) => snapshotFor(url, [...EVENTS, cancelled, proBowl]));
  await odds.refresh();
  expect([await odds.gamesOf('cancelled'), await odds.gamesOf('pro-bowl')]).toEqual([[null], [null]]);
  expect(await odds.rows(`SELECT DISTINCT home_team, away_team FROM odds_history WHERE event_id = 'pro-bowl'`)).toEqual(
    [{ home_team: 'NFC', away_team: 'AFC' }],
  );
});

test('a moved game is found by its teams within a week, and a rematch in the same place by its date', async () => {
  await odds.schedule('2022_17_PHI_DAL', '2023-01-03 16:25');
  await odds.schedule('2022_18_PHI_DAL', '2023-01-09 20:00');
  await odds.schedule('2022_18_NE_MIA', '2023-01-05 13:00');
  const last = oddsEvent('last-week', 'Philadelphia Eagles', 'Dallas Cowboys', '2023-01-03T21:25:00Z');
  const playoff = oddsEvent('playoff', 'Philadelphia Eagles', 'Dallas Cowboys', '2023-01-10T01:00:00Z');
  const moved = oddsEvent('moved', 'New England Patriots', 'Miami Dolphins', '2023-01-09T18:00:00Z');
  const other = oddsEvent('other-half', 'New England Patriots', 'Miami Dolphins', '2023-01-14T18:00:00Z');
  // A night game a week after its date on the schedule, of which only the UTC date is eight days later.
  await odds.schedule('2022_17_DEN_SEA', '2022-12-29 20:15');
  const night = oddsEvent('week-later', 'Denver Broncos', 'Seattle Seahawks', '2023-01-06T01:15:00Z');
  await odds.serve((url) => snapshotFor(url, [last, playoff, moved, other, night]));
  await odds.refresh();
  expect(await odds.gamesOf('last-week')).toEqual(['2022_17_PHI_DAL']);
  expect(await odds.gamesOf('playoff')).toEqual(['2022_18_PHI_DAL']);
  expect(await odds.gamesOf('moved')).toEqual(['2022_18_NE_MIA']);
  expect(await odds.gamesOf('other-half')).toEqual([null]);
  expect(await odds.gamesOf('week-later')).toEqual(['2022_17_DEN_SEA']);
});

test('at a neutral site the feed may have home and away swapped, elsewhere that is another game', async () => {
  await odds.schedule('2022_22_KC_PHI', '2023-02-12 18:30');
  await odds.schedule('2022_17_BUF_CIN', '2023-01-02 20:30');
  await odds.client.query(`UPDATE games SET neutral = true WHERE game_id = '2022_22_KC_PHI'`);
  const superBowl = oddsEvent('super-bowl', 'Philadelphia Eagles', 'Kansas City Chiefs', '2023-02-12T23:30:00Z');
  const other = oddsEvent('other', 'Cincinnati Bengals', 'Buffalo Bills', '2023-01-03T01:30:00Z');
  await odds.serve((url) => snapshotFor(url, [superBowl, other]));
  await odds.refresh();
  expect([await odds.gamesOf('super-bowl'), await odds.gamesOf('other')]).toEqual([['2022_22_KC_PHI'], [null]]);
});

test('odds are linked to a game that is added to the schedule later', async () => {
  await odds.schedule('2022_01_BUF_LA', '2022-09-08 20:20');
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh();
  expect(await odds.gamesOf('e2')).toEqual([null]);
  await odds.schedule('2022_01_NE_MIA', '2022-09-11 13:00');
  expect(await relinkOddsToGames(odds.client)).toBe(12);
  expect(await odds.gamesOf('e2')).toEqual(['2022_01_NE_MIA']);
});

test('duplicate outcomes of a book and an unrequested market do not stop the load', async () => {
  await odds.schedule('2022_01_BUF_LA', '2022-09-08 20:20');
  const event = structuredClone(BILLS_AT_RAMS);
  event.bookmakers = [event.bookmakers[0]!];
  const h2h = event.bookmakers[0]!.markets[0]!;
  event.bookmakers[0]!.markets = [
    { ...h2h, outcomes: [...h2h.outcomes, { name: 'Buffalo Bills', price: 999 }] },
    { ...h2h, key: 'h2h_lay' },
  ];
  await odds.serve((url) => snapshotFor(url, [event]));
  await odds.refresh();
  expect(await odds.rows('SELECT market, outcome, price FROM odds_history ORDER BY market, outcome')).toEqual([
    { market: 'h2h', outcome: 'Buffalo Bills', price: 120 },
    { market: 'h2h', outcome: 'Los Angeles Rams', price: -140 },
    { market: 'h2h_lay', outcome: 'Buffalo Bills', price: 120 },
    { market: 'h2h_lay', outcome: 'Los Angeles Rams', price: -140 },
  ]);
});
