import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { clubsOf, DEFAULT_LEAGUE, GENERATOR_VERSION, type League } from '../../../../etl/sample/league.ts';
import { openOddsAnswers } from '../../../../etl/sample/odds-answer.ts';
import { squadOf } from '../../../../etl/sample/people.ts';
import { playsOf } from '../../../../etl/sample/plays/game-plays.ts';
import { lineupOf } from '../../../../etl/sample/plays/play-people.ts';
import { playTexts } from '../../../../etl/sample/plays/plays-file.ts';
import { rosterText } from '../../../../etl/sample/roster-file.ts';
import { scheduleText } from '../../../../etl/sample/schedule-file.ts';
import { makeSeason } from '../../../../etl/sample/season.ts';
import { hasHours, stationText } from '../../../../etl/sample/weather.ts';
import { teamCodeOfName } from '../../../../etl/sources/team-names.ts';

type Row = Readonly<Record<string, string>>;

const SMALL: League = { scale: 'small', firstSeason: 2022, lastSeason: 2023, corrections: 0 };
const playsText = (league: League, season: number) => [...playTexts(league, season)].join('');
/** The lines of a play-by-play by their first cells, play_id and game_id, which are never quoted. */
const playLines = (text: string) =>
  text
    .split('\n')
    .slice(1, -1)
    .map((line) => ({ line, key: line.split(',', 2).join() }));
const rowsOf = (text: string) => parse(text, { columns: true }) as Row[];
const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const count = <Value>(values: readonly Value[], test: (value: Value) => boolean) => values.filter(test).length;

let schedule: Row[];
let smallText: string;
let smallPlays: Row[];
beforeAll(() => {
  schedule = rowsOf(scheduleText(DEFAULT_LEAGUE));
  smallText = playsText(SMALL, 2023);
  smallPlays = rowsOf(smallText);
});

test('the same league gives the same bytes, and another version other bytes', () => {
  const files = () => [
    scheduleText(SMALL),
    rosterText(SMALL, 2023),
    playsText(SMALL, 2023),
    stationText('72645', 2023),
  ];
  const first = files().map(sha);
  expect(files().map(sha)).toEqual(first);
  // Whoever changes these sums has to raise the version, or cached files of the old version are used.
  expect([GENERATOR_VERSION, ...first]).toMatchInlineSnapshot(`
    [
      3,
      "64056cff6fc760c6",
      "9b65acf836a83f16",
      "24140f645a749338",
      "391fed4b28c8a230",
    ]
  `);
});

test('files have as many columns as the live ones', () => {
  // The parser refuses lines that are not as wide as their header.
  const width = ([row]: readonly Row[]) => Object.keys(row ?? {}).length;
  expect(width(schedule)).toBe(46);
  expect(width(rowsOf(rosterText(SMALL, 2023)))).toBe(36);
  expect(width(smallPlays)).toBe(372);
});

test('a season has as many games as the real one, a cancelled one is missing, and the next season is in the future', () => {
  const perSeason = (season: number) => count(schedule, (game) => game['season'] === String(season));
  expect([2019, 2021, 2022, 2023, 2024, 2025].map(perSeason)).toEqual([267, 285, 284, 285, 284, 285]);
  expect(new Set(schedule.map((game) => game['game_id'])).size).toBe(schedule.length);
  const unplayed = schedule.filter((game) => game['home_score'] === '');
  expect(unplayed).toHaveLength(16);
  expect(new Set(unplayed.map((game) => game['season']))).toEqual(new Set(['2026']));
  expect(count(unplayed, (game) => game['gametime'] === '')).toBe(1);
  const regular = schedule.filter((game) => game['season'] === '2023' && game['game_type'] === 'REG');
  const teams = regular.flatMap((game) => [game['home_team'], game['away_team']]);
  expect(new Set(teams).size).toBe(32);
  for (const team of new Set(teams)) expect(count(teams, (other) => other === team)).toBe(17);
});

test('the schedule has the oddities of the real one', () => {
  expect(count(schedule, (game) => game['home_team'] === 'OAK' && Number(game['season']) <= 2019)).toBeGreaterThan(100);
  expect(count(schedule, (game) => game['home_team'] === 'OAK' && Number(game['season']) > 2019)).toBe(0);
  expect(count(schedule, (game) => game['surface'] !== game['surface']?.trim())).toBeGreaterThan(50);
  const abroad = schedule.filter((game) => game['location'] === 'Neutral' && game['game_type'] === 'REG');
  const wrongId = abroad.filter(
    (game) => game['stadium'] === 'Tottenham Hotspur Stadium' && game['stadium_id'] !== 'LON02',
  );
  expect(wrongId.length).toBeGreaterThan(5);
});

test('a full season has its 3,100 players, some with accents and apostrophes, one without an id', () => {
  const players = rowsOf(rosterText(DEFAULT_LEAGUE, 2023));
  expect(players).toHaveLength(3104);
  expect(count(players, (player) => /[à-öø-ÿ]/.test(player['full_name'] ?? ''))).toBeGreaterThan(10);
  expect(count(players, (player) => player['full_name']?.includes("'") === true)).toBeGreaterThan(10);
  expect(count(players, (player) => player['gsis_id'] === '')).toBeGreaterThan(0);
  const ids = players.map((player) => player['gsis_id']).filter((id) => id !== '');
  expect(new Set(ids).size).toBe(ids.length);
  expect(count(players, (player) => player['headshot_url']?.includes(',') === true)).toBe(3104);
});

test('plays of a game add up to the score in the schedule, and play numbers increase but not in file order', () => {
  const games = makeSeason(SMALL, 2023).games;
  expect(smallPlays.length / games.length).toBeGreaterThan(150);
  for (const game of games) {
    const plays = smallPlays.filter((play) => play['game_id'] === game.id);
    const last = plays.filter((play) => play['posteam'] !== '').at(-1);
    const home = last?.['posteam'] === game.home.code;
    expect([game.id, Number(last?.[home ? 'posteam_score_post' : 'defteam_score_post'])]).toEqual([
      game.id,
      game.score?.home,
    ]);
    expect(new Set(plays.map((play) => play['play_id'])).size).toBe(plays.length);
  }
  const steps = smallPlays
    .slice(1)
    .map((play, index) => Number(play['play_id']) - Number(smallPlays[index]?.['play_id']));
  expect(count(steps, (step) => step < 0)).toBeGreaterThan(games.length);
});

test('the plays of every game of full seasons add up to its score, and both teams have plays', () => {
  for (const season of [2007, 2023, 2024]) {
    const lineups = new Map(clubsOf(DEFAULT_LEAGUE).map((club) => [club, lineupOf(squadOf(club, season))]));
    for (const game of makeSeason(DEFAULT_LEAGUE, season).games) {
      const plays = playsOf(game, { home: lineups.get(game.home) ?? {}, away: lineups.get(game.away) ?? {} });
      const { home, away } = game.score ?? {};
      expect([game.id, plays.at(-1)?.after]).toEqual([game.id, { home, away }]);
      const offences = plays.filter(({ flags, epa }) => flags.has('play') && epa !== undefined);
      expect(new Set(offences.map(({ offence }) => offence))).toEqual(new Set(['home', 'away']));
    }
  }
});

test('flags agree with the type of play and with each other', () => {
  for (const play of smallPlays) {
    const { play_type, pass, rush, sack, qb_scramble, success, epa, yards_gained } = play;
    if (play_type === 'pass') expect(pass).toBe('1');
    if (play_type === 'run') expect([pass, rush]).toEqual(qb_scramble === '1' ? ['1', '0'] : ['0', '1']);
    if (play_type !== 'pass' && play_type !== 'run' && play_type !== 'no_play')
      expect([pass, rush]).toEqual(['0', '0']);
    if (sack === '1') expect(Number(yards_gained)).toBeLessThanOrEqual(0);
    expect(success).toBe(epa === '' ? '' : Number(epa) > 0 ? '1' : '0');
    expect(play['posteam'] === '').toBe(play['defteam'] === '');
  }
});

test('plays have the number, quality and variety of real ones', () => {
  const perGame = (test: (play: Row) => boolean) => count(smallPlays, test) / makeSeason(SMALL, 2023).games.length;
  expect(perGame((play) => play['play_type'] === 'pass')).toBeCloseTo(72, -1);
  expect(perGame((play) => play['play_type'] === 'run')).toBeCloseTo(53, -1);
  expect(perGame((play) => play['play_type'] === 'no_play')).toBeCloseTo(16, -1);
  const epa = smallPlays.filter((play) => play['play_type'] === 'pass').map((play) => Number(play['epa']));
  const mean = epa.reduce((sum, value) => sum + value, 0) / epa.length;
  const deviation = Math.sqrt(epa.reduce((sum, value) => sum + (value - mean) ** 2, 0) / epa.length);
  expect(Math.abs(mean)).toBeLessThan(0.15);
  expect(deviation).toBeGreaterThan(1.3);
  expect(deviation).toBeLessThan(1.8);
  expect(count(smallPlays, (play) => play['desc']?.includes('"') === true)).toBeGreaterThan(0);
  const bytes = Buffer.byteLength(smallText) / smallPlays.length;
  expect(bytes).toBeGreaterThan(1700);
});

test('in 2000 some plays share a number, and one game has none', () => {
  const league = { ...SMALL, firstSeason: 2000, lastSeason: 2000 };
  const keys = playLines(playsText(league, 2000)).map(({ key }) => key);
  expect(keys.length - new Set(keys).size).toBe(1);
  const games = new Set(keys.map((key) => key.split(',')[1]));
  expect(games.size).toBe(makeSeason(league, 2000).games.length - 1);
});

test('corrections move a game, remove a posteam and a play, and leave the rest unchanged', () => {
  const corrected = { ...SMALL, corrections: 1 } as const;
  const before = new Set(scheduleText(SMALL).split('\n'));
  const moved = scheduleText(corrected)
    .split('\n')
    .filter((line) => !before.has(line));
  expect(moved.every((line) => line.includes('Monday'))).toBe(true);
  const plays = playLines(playsText(corrected, 2023));
  expect(plays).toHaveLength(smallPlays.length - 1);
  const old = new Map(playLines(smallText).map(({ key, line }) => [key, line]));
  // Running sums of the two games change too; whose ball it was changes in one play.
  const lost = plays.filter(({ key, line }) => /^([^,]*,){7},/.test(line) !== /^([^,]*,){7},/.test(old.get(key) ?? ''));
  expect(lost).toHaveLength(1);
});

test('odds are for future games, under team names of the time, with one market too many and one too few', () => {
  const odds = openOddsAnswers(DEFAULT_LEAGUE);
  const at = (moment: string) => JSON.parse(odds.answerAt(Date.parse(moment)));
  const { timestamp, data } = at('2024-12-30T12:00:00Z');
  expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.parse('2024-12-30T12:00:00Z'));
  const cancelled = makeSeason(DEFAULT_LEAGUE, 2024).cancelled;
  const events = data as { home_team: string; commence_time: string; bookmakers: { markets: { key: string }[] }[] }[];
  expect(events.map((event) => teamCodeOfName(event.home_team))).toContain(cancelled?.home.code);
  for (const event of events) expect(event.commence_time > timestamp).toBe(true);
  const books = (at('2023-09-10T12:00:00Z').data as typeof events).flatMap((event) => event.bookmakers);
  expect(count(books, (book) => book.markets.some((market) => market.key === 'h2h_lay'))).toBeGreaterThan(0);
  expect(count(books, (book) => book.markets.length < 3)).toBeGreaterThan(0);
  const names = (at('2021-09-12T12:00:00Z').data as typeof events).flatMap((event) => JSON.stringify(event));
  expect(names.join()).toContain('Washington Football Team');
  expect(at('2019-09-08T12:00:00Z')).toEqual({ timestamp: null, data: [] });
});

test('night games are on the next day in UTC', () => {
  const nights = schedule.filter((game) => game['season'] === '2023' && (game['gametime'] ?? '') >= '20:00');
  expect(nights.length).toBeGreaterThan(40);
});

test('winters are cold in the north, summers warm, and some temperatures are missing', () => {
  const rows = rowsOf(stationText('72645', 2023));
  expect(rows).toHaveLength(8760);
  const mean = (month: string) => {
    const temps = rows.filter((row) => row['month'] === month && row['temp'] !== '').map((row) => Number(row['temp']));
    return temps.reduce((sum, temp) => sum + temp, 0) / temps.length;
  };
  expect(mean('1')).toBeLessThan(2);
  expect(mean('7')).toBeGreaterThan(18);
  expect(count(rows, (row) => row['temp'] === '')).toBeGreaterThan(20);
  expect(hasHours('NOSUCH', 2023)).toBe(false);
  const stations = ['72645', 'KFTY0', '72528', 'KOWD0', '72314', 'KCGX0', 'KLUK0', 'KBKL0', '72469', 'KDET0'];
  const silent = stations.flatMap((station) => [2021, 2022, 2023].filter((year) => !hasHours(station, year)));
  expect(silent.length).toBeGreaterThan(0);
});
