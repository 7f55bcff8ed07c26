import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregateEpa } from '../../../../etl/derive/aggregate-epa.ts';
import { buildAsofFeatures } from '../../../../etl/derive/build-asof-features.ts';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { type FileServer, startFileServer } from '../load/file-server.ts';
import { openTestLoads, type TestLoads } from '../load/test-loads.ts';

let loading: TestLoads;
let sample: Readonly<Record<string, string>>;
let server: FileServer;
let schedule: string;

beforeAll(async () => {
  loading = await openTestLoads();
  server = await startFileServer();
  sample = await loading.sample({ firstSeason: 2023 });
  const fetched = async (path: string) => (await fetch(`${sample['NFLVERSE_BASE_URL']}/${path}`)).arrayBuffer();
  const plays = 'pbp/play_by_play_2023.csv.gz';
  schedule = Buffer.from(await fetched('schedules/games.csv')).toString();
  const timeless = schedule.replaceAll(/,\d\d:\d\d,/g, ',NA,');
  expect(timeless).not.toBe(schedule);
  server.put({ 'schedules/games.csv': timeless, [plays]: Buffer.from(await fetched(plays)) });
});
afterAll(async () => {
  await server.close();
  await loading.close();
});

const FORM = `SELECT game_id, team, games_played, rest_days, off_epa_l3, off_epa_ewma, def_epa_std, opp_off_epa_l5
  FROM asof_features ORDER BY game_id, team`;

async function derive(env: Readonly<Record<string, string>>) {
  for (const work of [loadGames, loadPlays, aggregateEpa, buildAsofFeatures]) await loading.run(work, env);
  return loading.rows(FORM);
}

test('a season without kickoff times has the same features, as of the morning of each game day', async () => {
  const timed = await derive(sample);
  expect(timed).toHaveLength(50);
  expect(await derive(server.env)).toEqual(timed);
  const [moments] = await loading.rows(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE g.kickoff IS NULL)::int AS timeless,
       count(*) FILTER (WHERE f.as_of = (g.gameday + time '12:00') AT TIME ZONE 'UTC')::int AS mornings,
       count(*) FILTER (WHERE f.max_source_kickoff >= f.as_of)::int AS leaks
     FROM asof_features f JOIN games g USING (game_id)`,
  );
  expect(moments).toEqual({ rows: 50, timeless: 50, mornings: 50, leaks: 0 });
});
