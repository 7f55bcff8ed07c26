import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kindOf } from '../../../src/engine/database/checks/kinds/check-kinds.ts';
import type { CheckSpec } from '../../../src/engine/model/pipeline/pipeline.ts';
import { planPipeline } from '../../../src/engine/pipeline/plan-pipeline.ts';
import { callProgram } from '../../support/call.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startTask } from './odds/task-process.ts';

let database: TestDatabase;
let client: pg.Client;
let cwd = '';
let checks: readonly CheckSpec[];

/** All tasks on the small sample, season 2023, in an order that the pipeline could choose too. */
const TASKS =
  'nflverse-schedules stadium-reference nflverse-pbp odds-history weather-fetch epa-aggregation play-classification asof-features materialized-views';

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  cwd = await mkdtemp(join(tmpdir(), 'etl-checks-'));
  checks = planPipeline(await readFile('etl/config/pipeline_dag.yaml', 'utf8'), 'f.yaml').plan!.pipeline.checks;
  const env = { DATABASE_URL: database.url, ETL_SAMPLE_SCALE: 'small', ETL_PARAM_SEASONS: '2023' };
  for (const task of TASKS.split(' '))
    expect([task, await startTask(task, { cwd, env }).ended]).toMatchObject([task, { code: 0 }]);
});
afterAll(async () => {
  await client.end();
  await database.close();
  await rm(cwd, { recursive: true, force: true });
});

/** Asks a check in the transaction of this test, by its statement. */
async function ask(name: string) {
  const definition = checks.find((check) => check.name === name)?.definition;
  if (definition?.kind === 'sql') {
    const { rows } = await client.query<{ count: string; first_keys: string[] | null }>(definition.sql);
    return { count: Number(rows[0]?.count), keys: rows[0]?.first_keys ?? [] };
  }
  if (definition === undefined || definition.kind === 'command') throw new Error(`no check ${name} of the database`);
  const kind = kindOf(definition);
  const types = { getTypeParser: () => String } as unknown as pg.CustomTypesConfig;
  const { rows, fields } = await client.query<(string | null)[]>({
    text: kind.sql(definition, ['game_id']),
    rowMode: 'array',
    types,
  });
  const row = fields.map((field, at) => ({ name: field.name, type: field.dataTypeID, value: rows[0]?.[at] ?? null }));
  const found = await kind.evaluate(definition, row, { formatOnServer: async () => undefined, past: [] });
  return { count: found.value ?? 0, keys: (found.measured['first_keys'] ?? []) as readonly string[] };
}

test('the loaded data passes every check of the bundled pipeline', async () => {
  for (const { name, definition } of checks)
    if (definition.kind === 'sql') expect([name, await ask(name)]).toEqual([name, { count: 0, keys: [] }]);
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
    expect([count >= 25, keys.length >= 5, keys.length <= 10]).toEqual([true, true, true]);
  } finally {
    await client.query('ROLLBACK');
  }
});

test('every check that can find many rows names only a few', () => {
  const own = checks.flatMap(({ name, definition }) =>
    definition.kind === 'sql' ? [{ name, sql: definition.sql }] : [],
  );
  expect(own.length).toBeGreaterThan(6);
  for (const { name, sql } of own) expect([name, sql]).toEqual([name, expect.stringContaining('[1:5] AS first_keys')]);
});

test('no check looks through the plays once for each game, also not by statistics from when there were few', async () => {
  await client.query('ANALYZE games, plays');
  for (const { name, definition } of checks) {
    if (definition.kind !== 'sql') continue;
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${definition.sql}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect([name, plan]).toEqual([name, expect.not.stringMatching(/SubPlan \d+\n.*Seq Scan on plays/)]);
  }
});

const COLUMNS = 'game_id, season, game_type, week, gameday, home_team, away_team';

/** What constraints of the tables forbid can still come of tables that were made anew without them. */
const FAULTS: readonly (readonly [string, string, 'fail' | 'warn', string, RegExp])[] = [
  [
    'plays of a game that does not exist',
    "INSERT INTO plays (game_id, play_id, season, week) VALUES ('2023_99_NO_SUCH', 1, 2023, 1), ('2023_99_NO_SUCH', 2, 2023, 1)",
    'fail',
    'plays_reference_games',
    /^nothing may be computed from plays of games that do not exist: 2 of [\d,]+ rows of plays have a game_id that is not in games\.game_id: 2023_99_NO_SUCH$/,
  ],
  [
    'a mart that was not refreshed',
    `INSERT INTO games (${COLUMNS}) SELECT '2023_98_NEW', season, game_type, week, gameday, home_team, away_team FROM games LIMIT 1`,
    'warn',
    'mart_completeness',
    /^the mart has every game once it was refreshed: games has \d+ rows, mart\.game_summary \d+: 1 missing in mart\.game_summary$/,
  ],
  [
    'odds of a game that does not exist',
    `UPDATE odds_history SET away_team = 'AFC' WHERE game_id = ${GAME}`,
    'warn',
    'odds_reference_games',
    /^the query gave 1, expected 0: AFC at \w+ 2023-09-\d\d$/,
  ],
  [
    'a time in the future',
    `UPDATE games SET loaded_at = now() + interval '3 hours' WHERE game_id = ${GAME}`,
    'warn',
    'schedule_is_fresh',
    /^the newest games\.loaded_at is \S+ in the future \(.+\), so the freshness is unknown$/,
  ],
  [
    'two rows of one game',
    `ALTER TABLE games DROP CONSTRAINT games_pkey CASCADE; INSERT INTO games (${COLUMNS}) SELECT ${COLUMNS} FROM games WHERE game_id = ${GAME}`,
    'fail',
    'no_duplicate_games',
    /^game_id 2023_01_\w+ occurs more than once in games \(1 row too many\)$/,
  ],
  [
    'a key that is NULL',
    `ALTER TABLE plays DROP CONSTRAINT plays_pkey CASCADE; ALTER TABLE plays ALTER play_id DROP NOT NULL;
     UPDATE plays SET play_id = NULL WHERE (game_id, play_id) = (SELECT game_id, min(play_id) FROM plays WHERE game_id = ${GAME} GROUP BY 1)`,
    'fail',
    'plays_have_a_key',
    /^1 of [\d,]+ rows of plays have a NULL in play_id \(1\): \(2023_01_.+…$/,
  ],
];

describe('etl-tui check, after faults were planted one after the other', () => {
  const found = async () => {
    const { code, out } = await callProgram(process.cwd(), ['check', 'etl/config/pipeline_dag.yaml', '--json'], {
      DATABASE_URL: database.url,
    });
    const rows: readonly { check: string; status: string; message: string }[] = JSON.parse(out).checks;
    return { code, of: (name: string) => rows.find(({ check }) => check === name) };
  };

  test('finds nothing before', async () => {
    const { code, of } = await found();
    for (const { name } of checks) expect(of(name)).toMatchObject({ status: 'pass' });
    expect(code).toBe(0);
  });

  let worst = 0;
  test.each(FAULTS)('finds, counts and names %s', async (_, plant, status, name, message) => {
    await client.query(plant);
    const { code, of } = await found();
    expect(of(name)).toMatchObject({ status, message: expect.stringMatching(message) });
    worst = Math.max(worst, status === 'fail' ? 4 : 0);
    expect(code).toBe(worst);
  });
});
