import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregateEpa } from '../../../../etl/derive/aggregate-epa.ts';
import { buildAsofFeatures } from '../../../../etl/derive/build-asof-features.ts';
import { classifyPlays } from '../../../../etl/derive/classify-plays.ts';
import { readFeatureSettings } from '../../../../etl/derive/feature-settings.ts';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { openTestLoads, type TestLoads } from '../load/test-loads.ts';

let loading: TestLoads;
let sample: Record<string, string>;
beforeAll(async () => {
  loading = await openTestLoads();
  sample = await loading.sample();
  await loading.run(loadGames, sample);
  await loading.run(loadPlays, sample);
  await loading.run(aggregateEpa, sample);
});
afterAll(() => loading.close());

type Row = {
  readonly team: string;
  readonly as_of: Date;
  readonly off_epa_l4: number | null;
  readonly off_epa_ewma: number;
};
const build = (env: Readonly<Record<string, string>> = {}) => loading.run(buildAsofFeatures, sample, env);
const features = () => loading.rows<Row>('SELECT * FROM asof_features ORDER BY as_of, game_id, team');
const earlierGames = (team: string, before: Date) =>
  loading.rows<{ plays: number; epa_sum: number; epa_per_play: number }>(
    `SELECT plays, epa_sum, epa_per_play FROM team_game_epa JOIN games USING (game_id)
     WHERE team = $1 AND kickoff < $2 ORDER BY kickoff DESC`,
    [team, before],
  );
const header = async () => {
  const text = await readFile(join(loading.directory, 'data/processed/features/asof_team_features.csv'), 'utf8');
  return (parse(text) as string[][])[0] ?? [];
};

test('a further window adds a column, to the table and at the end of the file, and removing it drops the column', async () => {
  await build();
  const usual = await header();
  expect(usual.filter((column) => /_l\d/.test(column))).toHaveLength(8);
  const before = await loading.contents('asof_features');
  await build({ ETL_PARAM_FEATURE_WINDOWS: '4' });
  expect(await header()).toEqual([...usual, 'off_epa_l4', 'def_epa_l4', 'opp_off_epa_l4', 'opp_def_epa_l4']);
  for (const row of (await features()).slice(-6)) {
    const last = (await earlierGames(row.team, row.as_of)).slice(0, 4);
    const epa = last.reduce((sum, game) => sum + game.epa_sum, 0);
    expect(row.off_epa_l4).toBeCloseTo(epa / last.reduce((sum, game) => sum + game.plays, 0), 12);
  }
  await build();
  expect(await header()).toEqual(usual);
  expect((await features()).every((row) => row.off_epa_l4 === null)).toBe(true);
  await loading.client.query(
    'ALTER TABLE asof_features DROP off_epa_l4, DROP def_epa_l4, DROP opp_off_epa_l4, DROP opp_def_epa_l4',
  );
  expect(await loading.contents('asof_features')).toBe(before);
});

test('the half-life of the exponential mean is a setting', async () => {
  await build({ ETL_PARAM_EWMA_HALF_LIFE: '1.5' });
  const row = (await features()).at(-1) as Row;
  const games = await earlierGames(row.team, row.as_of);
  const weights = games.map((_, index) => 0.5 ** (index / 1.5));
  const sum = games.reduce((total, game, index) => total + game.epa_per_play * (weights[index] ?? 0), 0);
  expect(row.off_epa_ewma).toBeCloseTo(sum / weights.reduce((total, weight) => total + weight, 0), 12);
  expect((await build()).report.rows_changed).toBeGreaterThan(10);
});

test('the limit of an explosive play is one setting for both tables', async () => {
  const plays =
    'SELECT count(*)::int AS n FROM plays WHERE (pass AND yards_gained >= 16 OR rush AND yards_gained >= 12)';
  const [all] = await loading.rows(plays);
  const [scrimmage] = await loading.rows(`${plays} AND epa IS NOT NULL AND posteam IS NOT NULL`);
  const env = { ETL_PARAM_EXPLOSIVE_YARDS: '16,12' };
  await loading.run(classifyPlays, sample, env);
  await loading.run(aggregateEpa, sample, env);
  expect(await loading.rows('SELECT count(*)::int AS n FROM play_class WHERE explosive')).toEqual([all]);
  expect(await loading.rows('SELECT sum(explosive_plays)::int AS n FROM team_game_epa')).toEqual([scrimmage]);
});

test.each([
  ['FEATURE_WINDOWS', '3;5'],
  ['FEATURE_WINDOWS', '0'],
  ['EWMA_HALF_LIFE', '0'],
  ['EWMA_HALF_LIFE', '1); DROP'],
  ['EXPLOSIVE_YARDS', '20'],
])('a wrong %s, %s, is refused', (name, value) => {
  expect(() => readFeatureSettings({ [`ETL_PARAM_${name}`]: value })).toThrow(/like/);
});
