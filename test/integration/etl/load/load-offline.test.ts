import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { startFileServer } from './file-server.ts';
import { openTestLoads, type TestLoads } from './test-loads.ts';

let loading: TestLoads;
beforeAll(async () => {
  loading = await openTestLoads();
});
afterAll(() => loading.close());

const GAMES = `game_id,season,game_type,week,gameday,gametime,away_team,home_team
2023_01_DET_KC,2023,REG,1,2023-09-07,20:20,DET,KC
`;
const PLAYS = `play_id,game_id,week,posteam,defteam,epa,pass,rush
40,2023_01_DET_KC,1,KC,DET,0.5,1,0
`;

test('without a network a run uses the files of the previous run, says how old they are, and confirms nothing', async () => {
  const server = await startFileServer();
  const kept = { ETL_DOWNLOAD_CACHE: join(loading.directory, 'kept') };
  server.put({ 'schedules/games.csv': GAMES, 'pbp/play_by_play_2023.csv.gz': gzipSync(PLAYS) });
  expect((await loading.run(loadGames, server.env, kept)).report).toMatchObject({ rows: 1, rows_changed: 1 });
  expect((await loading.run(loadPlays, server.env, kept)).report).toMatchObject({ rows: 1, rows_changed: 1 });
  await loading.client.query("UPDATE games SET loaded_at = '2024-01-01'; TRUNCATE plays, etl_loads CASCADE");
  await server.close();

  const copies = /source unreachable: using copies of \d{4}-\d\d-\d\dT\d\d:\d\dZ$/;
  expect((await loading.run(loadGames, server.env, kept)).report.message).toMatch(copies);
  const plays = await loading.run(loadPlays, server.env, kept);
  expect(plays.report).toMatchObject({ rows: 1, rows_changed: 1, message: expect.stringMatching(copies) });
  // Nobody confirmed the schedule today: the check of its age is to see that.
  expect(await loading.rows('SELECT loaded_at FROM games')).toEqual([{ loaded_at: new Date('2024-01-01T00:00:00Z') }]);
});
