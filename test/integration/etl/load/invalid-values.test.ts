import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aggregateEpa } from '../../../../etl/derive/aggregate-epa.ts';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { loadRosters } from '../../../../etl/load/load-rosters.ts';
import { type FileServer, startFileServer } from './file-server.ts';
import { openTestLoads, type TestLoads } from './test-loads.ts';

let loading: TestLoads;
let server: FileServer;
beforeAll(async () => {
  loading = await openTestLoads();
  server = await startFileServer();
});
afterAll(async () => {
  await server.close();
  await loading.close();
});
beforeEach(async () => {
  // The tables are there from the first load on.
  await put({});
  await loading.run(loadGames, server.env);
  await loading.truncate();
});

type Cells = Readonly<Record<string, string>>;

const GAME = {
  game_id: '2023_01_DET_KC',
  season: '2023',
  game_type: 'REG',
  week: '1',
  gameday: '2023-09-07',
  gametime: '20:20',
  home_team: 'KC',
  away_team: 'DET',
  home_score: '20',
  away_score: '21',
  home_rest: '7',
  spread_line: '4.5',
  temp: '68',
  overtime: '0',
};
const PLAY = {
  game_id: '2023_01_DET_KC',
  play_id: '1',
  week: '1',
  season: '2023',
  posteam: 'KC',
  defteam: 'DET',
  home_team: 'KC',
  away_team: 'DET',
  pass: '1',
  rush: '0',
  down: '1',
  epa: '0.5',
  wp: '0.5',
  desc: '"a catch, and\na run"',
};
const PLAYER = {
  season: '2023',
  team: 'KC',
  full_name: 'A Player',
  gsis_id: '00-1',
  weight: '205',
  height: '74',
  birth_date: '1998-03-04',
};

/** Three lines, the second of which has the odd cells. */
function csv(line: Cells, odd: Cells, key: string): string {
  const lines = [line, { ...line, ...odd }, line].map((cells, index) => ({ ...cells, [key]: `${cells[key]}${index}` }));
  return `${[Object.keys(line), ...lines.map((cells) => Object.values(cells))].map((cells) => cells.join()).join('\n')}\n`;
}

async function put(odd: { readonly game?: Cells; readonly play?: Cells; readonly player?: Cells }) {
  server.put({
    'schedules/games.csv': csv(GAME, odd.game ?? {}, 'game_id'),
    'pbp/play_by_play_2023.csv.gz': csv(PLAY, odd.play ?? {}, 'play_id'),
    'rosters/roster_2023.csv.gz': csv(PLAYER, odd.player ?? {}, 'gsis_id'),
  });
}

test.each(['NaN', 'nan', '-nan', 'Inf', 'inf', '-Infinity', '1e999', '-1e99999', '1.#IND'])(
  'an epa of %s is NULL, counted in the message with its place, and left out of sums',
  async (epa) => {
    await put({ play: { epa } });
    const { report } = await loading.run(loadPlays, server.env);
    // Each play takes two lines.
    expect(report.message).toMatch(/1 value not finite and stored as NULL \(first: line 4, column epa: /);
    expect(report.message).toContain(epa);
    expect(await loading.rows('SELECT epa FROM plays ORDER BY play_id')).toEqual([
      { epa: 0.5 },
      { epa: null },
      { epa: 0.5 },
    ]);
    await loading.client.query(`INSERT INTO games (game_id, season, game_type, week, gameday, home_team, away_team)
      VALUES ('2023_01_DET_KC', 2023, 'REG', 1, '2023-09-07', 'KC', 'DET')`);
    await loading.run(aggregateEpa, server.env);
    expect(await loading.rows('SELECT plays, epa_sum FROM team_game_epa')).toEqual([{ plays: 2, epa_sum: 1 }]);
    // A second run, which loads nothing, says it again.
    expect((await loading.run(loadPlays, server.env)).report.message).toContain('1 value not finite');
  },
);

test.each([
  ['down', 'Inf', 'whole number'],
  ['down', 'NaN', 'whole number'],
  ['down', '1.5', 'whole number'],
  ['down', '1e999', 'whole number'],
  ['down', '3000000000', 'whole number'],
  ['season', '2023.5', 'whole number'],
  ['pass', 'NaN', 'flag'],
  ['pass', '2', 'flag'],
  ['epa', 'much', 'number'],
  ['wp', '0,5', 'number'],
])(
  'a play with a %s of %s refuses the file by name, line and column, and leaves the table unchanged',
  async (column, value, kind) => {
    await put({});
    await loading.run(loadPlays, server.env);
    await put({ play: { [column]: `"${value}"` } });
    await expect(loading.run(loadPlays, server.env)).rejects.toThrow(
      `pbp/play_by_play_2023.csv.gz, line 4, column ${column}: "${value}", which is not a ${kind}`,
    );
    expect(await loading.rows('SELECT FROM plays')).toHaveLength(3);
  },
);

test.each([
  ['gameday', 'infinity', 'day'],
  ['gameday', 'today', 'day'],
  ['gameday', '2023-02-30', 'day'],
  ['gameday', '09/07/2023', 'day'],
  ['gametime', 'now', 'time'],
  ['gametime', '24:30', 'time'],
  ['home_score', 'Inf', 'whole number'],
  ['home_score', '20.5', 'whole number'],
  ['overtime', 'NaN', 'flag'],
])('a game with a %s of %s refuses the schedule by name, line and column', async (column, value, kind) => {
  await put({ game: { [column]: value } });
  await expect(loading.run(loadGames, server.env)).rejects.toThrow(
    `schedules/games.csv, line 3, column ${column}: "${value}", which is not a ${kind}`,
  );
  expect(await loading.rows('SELECT FROM games')).toHaveLength(0);
});

test('a betting line or a temperature of the schedule that is not finite is NULL and counted', async () => {
  await put({ game: { spread_line: 'NaN', temp: 'Infinity' } });
  const { report } = await loading.run(loadGames, server.env);
  expect(report.message).toContain('2 values not finite and stored as NULL (first: line 3, column spread_line: "NaN")');
  expect(await loading.rows('SELECT spread_line, temp FROM games WHERE temp IS NULL')).toEqual([
    { spread_line: null, temp: null },
  ]);
});

test.each([
  ['weight', 'Inf', 'whole number'],
  ['weight', '205.5', 'whole number'],
  ['birth_date', 'infinity', 'day'],
])('a player with a %s of %s refuses the roster by name, line and column', async (column, value, kind) => {
  await put({ player: { [column]: value } });
  await expect(loading.run(loadRosters, server.env)).rejects.toThrow(
    `rosters/roster_2023.csv.gz, line 3, column ${column}: "${value}", which is not a ${kind}`,
  );
});

test('an invalid height is NULL and counted, one in feet and inches is converted', async () => {
  await put({ player: { height: 'NaN' } });
  expect((await loading.run(loadRosters, server.env)).report.message).toContain('line 3, column height: "NaN"');
  await put({ player: { height: '6-2' } });
  const { report } = await loading.run(loadRosters, server.env);
  expect(report.message).not.toContain('NULL');
  expect(await loading.rows('SELECT DISTINCT height FROM rosters')).toEqual([{ height: 74 }]);
});

test('whole numbers with a point, an exponent or blanks are read, and so are numbers that round to 0', async () => {
  await put({ play: { down: ' 3.0 ', pass: '1.0', week: '1e0', epa: '1e-400', wp: ' 0.25' } });
  const { report } = await loading.run(loadPlays, server.env);
  expect(report.message).not.toContain('NULL');
  expect(await loading.rows('SELECT down, pass, week, epa, wp FROM plays WHERE down = 3')).toEqual([
    { down: 3, pass: true, week: 1, epa: 0, wp: 0.25 },
  ]);
});

test('different plays with the same number are counted in the message, equal ones are not', async () => {
  const play = Object.values(PLAY).join();
  const other = Object.values({ ...PLAY, epa: '-2' }).join();
  server.put({ 'pbp/play_by_play_2023.csv.gz': `${Object.keys(PLAY).join()}\n${play}\n${play}\n${other}\n${other}\n` });
  const { report, log } = await loading.run(loadPlays, server.env);
  expect(report.message).toContain(
    '1 line dropped whose key a later, different line has too (first: 2023_01_DET_KC 1)',
  );
  expect(log).toContain('1 line dropped');
  expect(await loading.rows('SELECT epa FROM plays')).toEqual([{ epa: -2 }]);
  server.put({ 'pbp/play_by_play_2023.csv.gz': `${Object.keys(PLAY).join()}\n${play}\n${play}\n` });
  expect((await loading.run(loadPlays, server.env)).report.message).not.toContain('dropped');
  expect(await loading.rows('SELECT FROM etl_findings')).toHaveLength(0);
});
