import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startTask } from './odds/task-process.ts';

type Check = { readonly name: string; readonly sql?: string; readonly expect?: number };

let database: TestDatabase;
let client: pg.Client;
let cwd = '';
let checks: readonly Check[];

/** All tasks on the small sample, season 2023, in an order that the pipeline could choose too. */
const TASKS =
  'nflverse-schedules stadium-reference nflverse-pbp odds-history weather-fetch epa-aggregation play-classification asof-features';

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  cwd = await mkdtemp(join(tmpdir(), 'etl-checks-'));
  checks = parse(await readFile('etl/config/pipeline_dag.yaml', 'utf8')).checks;
  const env = { DATABASE_URL: database.url, ETL_SAMPLE_SCALE: 'small', ETL_PARAM_SEASONS: '2023' };
  for (const task of TASKS.split(' '))
    expect([task, await startTask(task, { cwd, env }).ended]).toMatchObject([task, { code: 0 }]);
});
afterAll(async () => {
  await client.end();
  await database.close();
  await rm(cwd, { recursive: true, force: true });
});

async function ask(name: string) {
  const sql = checks.find((check) => check.name === name)?.sql;
  if (sql === undefined) throw new Error(`no check ${name} with SQL`);
  const { rows } = await client.query<{ count: string; first_keys: string[] | null }>(sql);
  return { count: Number(rows[0]?.count), keys: rows[0]?.first_keys ?? [] };
}

test('the loaded data passes every check of the bundled pipeline', async () => {
  for (const { name, sql } of checks)
    if (sql !== undefined) expect([name, await ask(name)]).toEqual([name, { count: 0, keys: [] }]);
});

const GAME = '(SELECT min(game_id) FROM games WHERE season = 2023)';
const TIMELESS = 'UPDATE games SET gametime = NULL, kickoff = NULL WHERE season = 2023';
const PLANTED: readonly (readonly [string, string, RegExp])[] = [
  [
    'odds_reference_games',
    `UPDATE odds_history SET away_team = 'AFC' WHERE game_id = ${GAME}`,
    /^AFC at \w+ 2023-09-\d\d$/,
  ],
  [
    'lines_have_their_own_key',
    `INSERT INTO etl_findings VALUES ('plays/2023', 'sharedKeys', 1, '2023_01_DET_KC 40')`,
    /^plays\/2023: 2023_01_DET_KC 40$/,
  ],
  [
    'numbers_are_finite',
    `INSERT INTO etl_findings VALUES ('plays/2023', 'droppedCells', 1, 'line 4, column epa: "NaN"')`,
    /^plays\/2023: line 4, column epa: "NaN"$/,
  ],
  ['scored_games_have_plays', `DELETE FROM plays WHERE game_id = ${GAME}`, /^2023_01_/],
  ['plays_end_with_the_score', `UPDATE games SET home_score = home_score + 1 WHERE game_id = ${GAME}`, /^2023_01_/],
  [
    'two_teams_a_game',
    `DELETE FROM team_game_epa WHERE (game_id, team) = (SELECT game_id, home_team FROM games WHERE game_id = ${GAME})`,
    /^2023_01_/,
  ],
  ['two_teams_a_game', `DELETE FROM team_game_epa WHERE game_id = ${GAME}`, /^2023_01_/],
  ['two_teams_a_game', `DELETE FROM plays WHERE game_id = ${GAME}`, /^2023_01_/],
  [
    'features_look_back',
    `UPDATE games SET kickoff = kickoff - interval '1 minute' WHERE game_id = ${GAME}`,
    /^2023_01_\w+ \w+$/,
  ],
  ['two_features_a_game', `DELETE FROM asof_features WHERE game_id = ${GAME}`, /^2023_01_/],
  ['two_features_a_game', `UPDATE games SET home_score = NULL WHERE game_id = ${GAME}`, /^2023_01_/],
  [
    'two_features_a_game',
    `DELETE FROM asof_features WHERE game_id = ${GAME}; ${TIMELESS} AND game_id = ${GAME}`,
    /^2023_01_/,
  ],
  ['weather_of_played_games', `DELETE FROM weather WHERE game_id = ${GAME}`, /^2023_01_/],
  [
    'open_air_games_have_a_temperature',
    `UPDATE weather SET temp_c = NULL WHERE game_id = (SELECT min(game_id) FROM weather WHERE NOT indoor)`,
    /^2023_/,
  ],
  ['played_games_have_a_kickoff', `${TIMELESS} AND game_id = ${GAME}`, /^2023_01_/],
  ['bought_game_days_have_odds', `DELETE FROM odds_history WHERE game_id = ${GAME}`, /^2023_01_/],
];

test.each(PLANTED)('%s finds the error after %s, and names it', async (name, plant, key) => {
  await client.query('BEGIN');
  try {
    await client.query(plant);
    const { count, keys } = await ask(name);
    expect([count, keys.length]).toEqual(name === 'features_look_back' ? [2, 2] : [1, 1]);
    expect(keys[0]).toMatch(key);
  } finally {
    await client.query('ROLLBACK');
  }
});

/** What a check must not take for a season that nobody has asked for. */
const WHOLE_SEASON: readonly (readonly [string, string])[] = [
  ['scored_games_have_plays', 'DELETE FROM plays'],
  ['plays_end_with_the_score', 'UPDATE plays SET posteam_score_post = NULL, defteam_score_post = NULL'],
  ['plays_end_with_the_score', 'UPDATE plays SET posteam = NULL'],
  ['two_teams_a_game', 'UPDATE plays SET epa = NULL; DELETE FROM team_game_epa'],
  ['two_features_a_game', 'DELETE FROM asof_features'],
  ['two_features_a_game', `DELETE FROM asof_features; ${TIMELESS}`],
  ['features_look_back', `${TIMELESS}; UPDATE asof_features SET as_of = as_of + interval '1 day'`],
  ['weather_of_played_games', 'DELETE FROM weather'],
  ['played_games_have_a_kickoff', TIMELESS],
  ['bought_game_days_have_odds', 'DELETE FROM odds_history'],
];

test.each(WHOLE_SEASON)('%s finds that a whole season is missing after %s', async (name, plant) => {
  await client.query('BEGIN');
  try {
    await client.query(plant);
    const { count, keys } = await ask(name);
    expect([count >= 25, keys.length]).toEqual([true, 5]);
  } finally {
    await client.query('ROLLBACK');
  }
});

test('every check that can find many rows names only a few', () => {
  const own = checks.filter(({ sql }) => sql !== undefined);
  expect(own.length).toBeGreaterThan(6);
  for (const { name, sql } of own) expect([name, sql]).toEqual([name, expect.stringContaining('[1:5] AS first_keys')]);
});
