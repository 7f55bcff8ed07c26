import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { loadRosters } from '../../../../etl/load/load-rosters.ts';
import { startFileServer } from './file-server.ts';
import { openTestLoads, type TestLoads } from './test-loads.ts';

let loading: TestLoads;
beforeAll(async () => {
  loading = await openTestLoads();
  await loading.run(loadGames, await loading.sample());
});
afterAll(() => loading.close());
beforeEach(() => loading.truncate());

test('clubs get their present codes in all tables, and keep the code of the file in another column', async () => {
  const sample = await loading.sample({ firstSeason: 2018, lastSeason: 2018 });
  const env = { ETL_PARAM_SEASONS: '2018' };
  await loading.run(loadGames, sample, env);
  await loading.run(loadPlays, sample, env);
  await loading.run(loadRosters, sample, env);
  const old = await loading.rows<{ home_team: string; file_home_team: string }>(
    "SELECT DISTINCT home_team, file_home_team FROM games WHERE season = 2018 AND game_id LIKE '%\\_OAK'",
  );
  expect(old).toEqual([{ home_team: 'LV', file_home_team: 'OAK' }]);
  expect(await loading.rows("SELECT FROM rosters WHERE team IN ('OAK', 'SD')")).toHaveLength(0);
  const strangers = await loading.rows(
    'SELECT FROM plays p JOIN games g USING (game_id) WHERE p.posteam NOT IN (g.home_team, g.away_team)',
  );
  expect(strangers).toHaveLength(0);
});

test('of plays with the same number the later one counts, with a note', async () => {
  const sample = await loading.sample({ firstSeason: 2000, lastSeason: 2000 });
  const { log, report } = await loading.run(loadPlays, sample, { ETL_PARAM_SEASONS: '2000' });
  expect(log).toContain('1 line dropped whose key a later, different line has too');
  expect(report.message).toContain('1 line dropped');
  expect(await loading.rows('SELECT FROM plays')).toHaveLength(report.rows ?? 0);
});

test('every spelling of a club in the files becomes its present code, with or without blanks', async () => {
  const spellings = { OAK: 'LV', SD: 'LAC', STL: 'LA', LAR: 'LA', JAC: 'JAX', WSH: 'WAS', WFT: 'WAS', ARZ: 'ARI' };
  const further = { BLT: 'BAL', CLV: 'CLE', HST: 'HOU', 'KC ': 'KC', NE: 'NE' };
  const clubs = Object.entries({ ...spellings, ...further });
  const server = await startFileServer();
  const lines = clubs.map(([club], index) => `2018,${club},ACT,Player ${index},00-00${index + 10}`);
  server.put({ 'rosters/roster_2018.csv.gz': `season,team,status,full_name,gsis_id\n${lines.join('\n')}\n` });
  await loading.run(loadRosters, server.env, { ETL_PARAM_SEASONS: '2018' });
  await server.close();
  const rows = await loading.rows<{ team: string }>('SELECT team FROM rosters ORDER BY gsis_id');
  expect(rows.map(({ team }) => team)).toEqual(clubs.map(([, club]) => club));
});

test('a future season has no data yet, which is noted, and does not fail beside one that has', async () => {
  const sample = await loading.sample({ firstSeason: 2097, lastSeason: 2098 });
  const { log, report } = await loading.run(loadPlays, sample, { ETL_PARAM_SEASONS: '2098-2099' });
  expect(log).toContain('play_by_play_2099.csv.gz is not published yet');
  expect(report.message).toBe('1 season, not published yet: 2099');
  await expect(loading.run(loadPlays, sample, { ETL_PARAM_SEASONS: '2099' })).rejects.toMatchObject({ exitCode: 2 });
});

test('a game without a time has no kickoff, and a night game is on the next day in UTC', async () => {
  await loading.run(loadGames, await loading.sample({ lastSeason: 2023 }));
  expect(await loading.rows('SELECT FROM games WHERE gametime IS NULL AND kickoff IS NOT NULL')).toHaveLength(0);
  const nights = await loading.rows(
    "SELECT FROM games WHERE gametime > '20:00' AND (kickoff AT TIME ZONE 'UTC')::date = gameday + 1",
  );
  expect(nights.length).toBeGreaterThan(10);
  expect(await loading.rows("SELECT FROM games WHERE surface LIKE '% '")).toHaveLength(0);
});

test('a game removed from the schedule is deleted, and its season stays', async () => {
  // The season with a cancelled game has one less than the other: seen through a world that calls it off.
  const sample = await loading.sample();
  await loading.run(loadGames, sample);
  const [ghost] = await loading.rows<{ game_id: string }>(
    `INSERT INTO games (game_id, season, game_type, week, gameday, home_team, away_team)
     VALUES ('2023_05_GHO_ST', 2023, 'REG', 5, '2023-10-08', 'ST', 'GHO') RETURNING game_id`,
  );
  const { report } = await loading.run(loadGames, sample);
  expect(report.rows_changed).toBe(1);
  expect(await loading.rows('SELECT FROM games WHERE game_id = $1', [ghost?.game_id])).toHaveLength(0);
});

test('a past season without a file is worth a retry, one that the league did not play is a wrong call', async () => {
  const sample = await loading.sample();
  await expect(loading.run(loadPlays, sample, { ETL_PARAM_SEASONS: '2019' })).rejects.toThrow(
    /not found \(404\), although it is required/,
  );
  await expect(loading.run(loadGames, sample, { ETL_PARAM_SEASONS: '2010' })).rejects.toMatchObject({ exitCode: 2 });
});

test('real data replaces sample data, and sample data never replaces real data', async () => {
  const sample = await loading.sample();
  await loading.run(loadGames, sample);
  await loading.client.query("UPDATE etl_source SET kind = 'sample'");
  const { log } = await loading.run(loadGames, sample);
  expect(log).toContain('is replaced by real data');
  expect(await loading.rows('SELECT kind FROM etl_source')).toEqual([{ kind: 'live' }]);
  await expect(loading.run(loadGames, {}, { ETL_SOURCE: 'sample' })).rejects.toThrow(/holds real data/);
});
