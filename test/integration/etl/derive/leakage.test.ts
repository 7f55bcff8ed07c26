import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildAsofFeatures } from '../../../../etl/derive/build-asof-features.ts';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import type { TestLoads } from '../load/test-loads.ts';
import { type DerivedSeason, openDerivedSeason } from './derived-season.ts';

let season: DerivedSeason;
let loading: TestLoads;
let sample: Readonly<Record<string, string>>;
let derive: DerivedSeason['derive'];
let features: DerivedSeason['features'];
let loadOdds: DerivedSeason['loadOdds'];
beforeAll(async () => {
  season = await openDerivedSeason();
  ({ loading, sample, derive, features, loadOdds } = season);
});
afterAll(() => season.close());

test('features do not change when everything at or after their game is removed', async () => {
  const before = await features();
  const kickoffs = [...new Set(before.map((row) => row.as_of.getTime()))].sort((a, b) => a - b);
  for (const at of [kickoffs[1], kickoffs[9], kickoffs.at(-1)] as number[]) {
    const moment = new Date(at).toISOString();
    await loading.client.query(`DELETE FROM odds_history WHERE snapshot_ts > '${moment}'`);
    await loading.client.query(
      `DELETE FROM plays p USING games g WHERE g.game_id = p.game_id AND g.kickoff >= '${moment}'`,
    );
    await loading.client.query(`DELETE FROM games WHERE kickoff > '${moment}'`);
    await derive();
    const rows = await loading.rows('SELECT FROM team_game_epa JOIN games USING (game_id) WHERE kickoff >= $1', [
      moment,
    ]);
    expect(rows).toHaveLength(0);
    expect(await features()).toEqual(before.filter((row) => row.as_of.getTime() <= at));
    await loading.run(loadGames, sample);
    await loading.run(loadPlays, sample);
    await loadOdds();
    await derive();
    expect(await features()).toEqual(before);
  }
});

test('the first game of a team has no history, and every later one counts those before it', async () => {
  const rows = [...(await features())].sort((a, b) => a.as_of.getTime() - b.as_of.getTime());
  const played = new Map<string, number>();
  for (const row of rows) {
    const before = played.get(row.team) ?? 0;
    expect(row.games_played).toBe(before);
    for (const form of [row.off_epa_l3, row.off_epa_l5, row.off_epa_std, row.off_epa_ewma, row.def_epa_std]) {
      expect(form === null).toBe(before === 0);
    }
    expect(row.rest_days === null).toBe(before === 0);
    played.set(row.team, before + 1);
  }
});

test('odds from after the kickoff are not used', async () => {
  const before = await features();
  await loading.client.query(
    `INSERT INTO odds_history SELECT event_id, commence_time + interval '1 hour', bookmaker, market, outcome, price,
       point + 7, commence_time, home_team, away_team, home_team_name, away_team_name, game_id, book_last_update
     FROM odds_history WHERE game_id IS NOT NULL ON CONFLICT DO NOTHING`,
  );
  await loading.run(buildAsofFeatures, sample);
  expect(await features()).toEqual(before);
  await loading.client.query('DELETE FROM odds_history WHERE snapshot_ts > commence_time');
});

test('features are the same to the last bit, whatever data at or after their game changes', async () => {
  const before = await features();
  const kickoffs = [...new Set(before.map((row) => row.as_of.getTime()))].sort((a, b) => a - b);
  for (const at of [kickoffs[0], kickoffs[7], kickoffs.at(-2)] as number[]) {
    await loading.client.query('BEGIN');
    const later = `game_id IN (SELECT game_id FROM games WHERE kickoff >= '${new Date(at).toISOString()}')`;
    await loading.client.query(`DELETE FROM plays WHERE ${later}`);
    await loading.client.query(
      `UPDATE team_game_epa SET epa_sum = 1000, plays = 1, epa_per_play = 1000, def_epa_sum = 9 WHERE ${later}`,
    );
    await loading.client.query(`UPDATE games SET home_score = 99, away_score = 0 WHERE ${later}`);
    await loading.client.query(
      `UPDATE odds_history SET point = point + 100 WHERE snapshot_ts > '${new Date(at).toISOString()}'`,
    );
    await loading.client.query('COMMIT');
    await loading.run(buildAsofFeatures, sample);
    const known = before.filter((row) => row.as_of.getTime() <= at);
    const now = (await features()).filter((row) => row.as_of.getTime() <= at);
    expect(now).toEqual(known);
    // And they do show it where they may: the games of that moment are known to the later ones.
    if (at !== kickoffs.at(-2)) expect(await features()).not.toEqual(before);
    await loading.client.query(
      `UPDATE odds_history SET point = point - 100 WHERE snapshot_ts > '${new Date(at).toISOString()}'`,
    );
    await loading.run(loadGames, sample);
    await loading.run(loadPlays, sample);
    await derive();
  }
  expect(await features()).toEqual(before);
});

test('features are the same to the last bit in any row order of the tables', async () => {
  const before = await features();
  for (const table of ['games', 'plays', 'team_game_epa', 'odds_history']) {
    await loading.client.query(`CREATE TEMP TABLE shuffled AS SELECT * FROM ${table} ORDER BY random()`);
    if (table === 'games') {
      // The others refer to it, so its rows move where they are.
      await loading.client.query(
        'UPDATE games g SET loaded_at = g.loaded_at FROM shuffled s WHERE s.game_id = g.game_id',
      );
    } else {
      await loading.client.query(`TRUNCATE ${table} CASCADE; INSERT INTO ${table} SELECT * FROM shuffled`);
    }
    await loading.client.query('DROP TABLE shuffled');
  }
  await derive({ ETL_PARAM_RELOAD: 'true' });
  expect(await features()).toEqual(before);
});

test('the table refuses a row that uses data from its future', async () => {
  const ahead =
    'UPDATE asof_features SET max_source_kickoff = as_of WHERE ctid = (SELECT min(ctid) FROM asof_features)';
  await expect(loading.client.query(ahead)).rejects.toThrow(/check constraint/);
  await expect(
    loading.client.query(ahead.replace('max_source_kickoff = as_of', "odds_ts = as_of + '1 second'")),
  ).rejects.toThrow(/check constraint/);
});
