import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { loadRosters } from '../../../../etl/load/load-rosters.ts';
import { TaskError } from '../../../../etl/task-error.ts';
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

const GAMES = [
  'game_id,season,game_type,week,gameday,gametime,away_team,away_score,home_team,home_score,location,overtime,roof,surface',
  '2023_01_DET_KC,2023,REG,1,2023-09-07,20:20,DET,21,KC,20,Home,0,outdoors,grass ',
  '2023_01_NYJ_BUF,2023,REG,1,2023-09-11,,NYJ,22,BUF,16,Neutral,1,sky,NA',
];
const PLAYS = [
  'play_id,game_id,week,posteam,defteam,epa,pass,rush,desc',
  '1,2023_01_DET_KC,1,,,0,0,0,GAME',
  '40,2023_01_DET_KC,1,KC,DET,0.5,1,0,"Pass to the left, ""very"" deep"',
  '63,2023_01_DET_KC,1,KC,DET,NA,0,1.0,"two',
  'lines"',
];
const ROSTER = [
  'season,team,position,status,full_name,birth_date,height,weight,gsis_id,esb_id',
  "2023,OAK,QB,ACT,José O'Brien,1990-02-28,6-2,215,00-0012345,OBR1",
  '2023,KC,K,ACT,New Man,2001-01-01,72.0,190.0,,NEW123',
  '2023,KC,P,ACT,Newer Man,NA,,NA,,',
];
const PLAYS_FILE = 'pbp/play_by_play_2023.csv.gz';
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const putPlays = (lines: readonly string[]) => server.put({ [PLAYS_FILE]: gzipSync(text(lines)) });
const loadBoth = async () => {
  server.put({ 'schedules/games.csv': text(GAMES), [PLAYS_FILE]: gzipSync(text(PLAYS)) });
  await loading.run(loadGames, server.env);
  await loading.run(loadPlays, server.env);
};
beforeEach(async () => {
  await loadBoth();
  await loading.truncate();
  await loadBoth();
});

test('cells are converted: NA and empty, quotes, blanks, Eastern times, flags', async () => {
  expect(await loading.rows('SELECT game_id, kickoff, neutral, overtime, roof, surface FROM games ORDER BY 1')).toEqual(
    [
      {
        game_id: '2023_01_DET_KC',
        kickoff: new Date('2023-09-08T00:20:00Z'),
        neutral: false,
        overtime: false,
        roof: 'outdoors',
        surface: 'grass',
      },
      { game_id: '2023_01_NYJ_BUF', kickoff: null, neutral: true, overtime: true, roof: null, surface: null },
    ],
  );
  expect(await loading.rows('SELECT play_id, season, posteam, epa, pass, rush, "desc" FROM plays ORDER BY 1')).toEqual([
    { play_id: 1, season: 2023, posteam: null, epa: 0, pass: false, rush: false, desc: 'GAME' },
    {
      play_id: 40,
      season: 2023,
      posteam: 'KC',
      epa: 0.5,
      pass: true,
      rush: false,
      desc: 'Pass to the left, "very" deep',
    },
    { play_id: 63, season: 2023, posteam: 'KC', epa: null, pass: false, rush: true, desc: 'two\nlines' },
  ]);
});

test('players without an id get a stable one, and heights are inches', async () => {
  server.put({ 'rosters/roster_2023.csv.gz': gzipSync(text(ROSTER)) });
  await loading.run(loadRosters, server.env);
  expect(await loading.rows('SELECT gsis_id, team, full_name, height, weight FROM rosters ORDER BY full_name')).toEqual(
    [
      { gsis_id: '00-0012345', team: 'LV', full_name: "José O'Brien", height: 74, weight: 215 },
      { gsis_id: 'esb:NEW123', team: 'KC', full_name: 'New Man', height: 72, weight: 190 },
      { gsis_id: 'name:Newer Man:KC', team: 'KC', full_name: 'Newer Man', height: null, weight: null },
    ],
  );
});

test('a roster of another season is refused', async () => {
  server.put({ 'rosters/roster_2023.csv.gz': text([...ROSTER, '2021,KC,K,ACT,Old Man,1970-01-01,72,190,00-1,']) });
  await expect(loading.run(loadRosters, server.env)).rejects.toThrow(/1 players are of another season/);
  expect(await loading.rows('SELECT FROM rosters')).toHaveLength(0);
});

test('added, removed or moved columns and other line breaks change nothing for the rest', async () => {
  const before = await loading.contents('plays');
  const moved = [
    '\uFEFF"desc","epa",new_one,rush,pass,defteam,posteam,week,game_id,play_id,season',
    'GAME,0,x,0,0,,,1,2023_01_DET_KC,1,2023',
    '"Pass to the left, ""very"" deep",0.5,"a,b",0,1,DET,KC,1,2023_01_DET_KC,40,2023',
    '"two\nlines",,,1,0,DET,KC,1,2023_01_DET_KC,63,2023',
  ];
  server.put({ [PLAYS_FILE]: `${moved.join('\r\n')}\r\n` });
  expect((await loading.run(loadPlays, server.env)).report).toMatchObject({ rows: 3, rows_changed: 0 });
  expect(await loading.contents('plays')).toBe(before);
});

test('a value that became empty becomes NULL, and a removed play is deleted', async () => {
  putPlays([...PLAYS.slice(0, 2), '40,2023_01_DET_KC,1,,,,1,0,"Pass to the left, ""very"" deep"']);
  expect((await loading.run(loadPlays, server.env)).report).toMatchObject({ rows: 2, rows_changed: 2 });
  expect(await loading.rows('SELECT play_id, posteam, epa FROM plays ORDER BY 1')).toEqual([
    { play_id: 1, posteam: null, epa: 0 },
    { play_id: 40, posteam: null, epa: null },
  ]);
});

const WHOLE = gzipSync(text(PLAYS));
const REFUSED: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['a truncated gzip file', WHOLE.subarray(0, WHOLE.length - 12), /damaged or truncated/],
  ['a gzip file with a wrong sum', Buffer.concat([WHOLE.subarray(0, -6), Buffer.from('000000')]), /damaged/],
  ['a web page', '<!DOCTYPE html><title>Unicorn!</title>', /web page/],
  ['a zipped web page', gzipSync('\n<html></html>'), /web page/],
  ['nothing', '', /empty/],
  ['a header without rows', gzipSync(`${PLAYS[0]}\n`), /no rows/],
  ['a file without the columns that matter', gzipSync('a,b\n1,2\n'), /no column game_id, play_id/],
  ['a line with a cell too few', gzipSync(text([...PLAYS.slice(0, 2), '40,2023_01_DET_KC,1'])), /line 3 has 3 cells/],
  ['a truncated line', gzipSync(text(PLAYS).slice(0, -20)), /line/],
  ['text where a number should be', gzipSync(text([...PLAYS.slice(0, 2), 'x,2023_01_DET_KC,1,KC,DET,0,1,0,a'])), /"x"/],
  ['plays of another season', gzipSync(text([`${PLAYS[0]},season`, `${PLAYS[1]},2021`])), /another season/],
  ['a play without a number', gzipSync(text([...PLAYS, ',2023_01_DET_KC,1,KC,DET,0,1,0,a'])), /lack game_id, play_id/],
];

// All at once, because bad bodies are asked for several times, with pauses.
test('a truncated or invalid file loads nothing, and the error says what is wrong', async () => {
  const before = await loading.contents('plays', { stamps: true });
  const outcomes = await Promise.all(
    REFUSED.map(async ([what, body, complaint]) => {
      const own = await startFileServer();
      own.put({ [PLAYS_FILE]: body });
      const error = await loading.run(loadPlays, own.env).catch((reason: unknown) => reason);
      await own.close();
      const said = error instanceof TaskError ? error.message : String(error);
      return complaint.test(said) ? what : `${what}: ${said}`;
    }),
  );
  expect(outcomes).toEqual(REFUSED.map(([what]) => what));
  expect(await loading.contents('plays', { stamps: true })).toBe(before);
});

test('of rows with the same key the later one counts', async () => {
  putPlays([...PLAYS.slice(0, 3), '40,2023_01_DET_KC,1,DET,KC,-2,0,1,later', PLAYS[1] ?? '']);
  const { log } = await loading.run(loadPlays, server.env);
  expect(log).toContain('1 line dropped whose key a later, different line has too (first: 2023_01_DET_KC 40)');
  const later = await loading.rows('SELECT posteam, epa, "desc" FROM plays WHERE play_id = 40');
  expect(later).toEqual([{ posteam: 'DET', epa: -2, desc: 'later' }]);
});

test('a file that lost many rows is loaded with a warning', async () => {
  putPlays(PLAYS.slice(0, 3));
  expect((await loading.run(loadPlays, server.env)).log).toContain('2 rows, 1 fewer than were stored');
});

test('a game without a required value is named', async () => {
  server.put({ 'schedules/games.csv': text([...GAMES.slice(0, 2), '2023_01_NYJ_BUF,2023,REG,1,,,NYJ,22,,16,,,,']) });
  await expect(loading.run(loadGames, server.env)).rejects.toThrow(/2023_01_NYJ_BUF.*is empty/);
  expect(await loading.rows('SELECT FROM games')).toHaveLength(2);
});
