import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classifyPlays } from '../../../../etl/derive/classify-plays.ts';
import { refreshMart } from '../../../../etl/derive/refresh-mart.ts';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { relinkOddsToGames } from '../../../../etl/sources/odds/odds-store.ts';
import type { TestLoads } from '../load/test-loads.ts';
import { DERIVED, type DerivedSeason, openDerivedSeason } from './derived-season.ts';
import { featuresByHand, teamGamesByHand } from './hand-calculated.ts';

let season: DerivedSeason;
let loading: TestLoads;
let sample: Readonly<Record<string, string>>;
let derive: DerivedSeason['derive'];
let features: DerivedSeason['features'];
beforeAll(async () => {
  season = await openDerivedSeason();
  ({ loading, sample, derive, features } = season);
});
afterAll(() => season.close());

test('EPA per game and team matches a calculation by hand, offence and defence', async () => {
  const plays = await loading.rows('SELECT * FROM plays');
  const ours = await loading.rows<Record<string, unknown>>('SELECT * FROM team_game_epa ORDER BY game_id, team');
  const theirs = teamGamesByHand(plays as never);
  expect(ours).toHaveLength(50);
  expect(theirs).toHaveLength(50);
  for (const [index, row] of theirs.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const own = ours[index]?.[column];
      if (typeof value === 'number') expect([column, own]).toEqual([column, expect.closeTo(value, 9)]);
      else expect([column, own]).toEqual([column, value]);
    }
  }
});

test('features match a calculation by hand', async () => {
  const games = await loading.rows(
    'SELECT *, gameday::text AS day FROM games WHERE season = 2023 AND home_score IS NOT NULL',
  );
  const epa = await loading.rows('SELECT * FROM team_game_epa');
  const theirs = featuresByHand(games as never, epa as never);
  const ours = await features();
  expect(ours).toHaveLength(50);
  for (const [index, expected] of theirs.entries()) {
    const own = ours[index] as Record<string, unknown>;
    for (const [column, value] of Object.entries(expected)) {
      if (typeof value === 'number') expect([column, own[column]]).toEqual([column, expect.closeTo(value, 12)]);
      else expect([column, own[column]]).toEqual([column, value]);
    }
    const opponent = ours.find((row) => row.game_id === own['game_id'] && row.team === own['opponent']);
    for (const column of ['games_played', 'rest_days', 'off_epa_l3', 'off_epa_ewma', 'def_epa_std'] as const) {
      expect(own[`opp_${column}`]).toBe(opponent?.[column]);
    }
  }
});

test('the lines of a game are the last ones before it, the same from both sides', async () => {
  const rows = await features();
  const priced = rows.filter((row) => row.odds_ts !== null);
  expect(priced.length).toBe(rows.length);
  for (const row of priced) {
    expect((row.odds_ts as Date).getTime()).toBeLessThanOrEqual(row.as_of.getTime());
    const other = priced.find(({ game_id, team }) => game_id === row.game_id && team === row.opponent);
    expect(Number(row.spread) + Number(other?.spread)).toBe(0);
    expect(row.total).toBe(other?.total);
  }
});

test('a game at a neutral site has its lines also when the odds feed has home and away swapped', async () => {
  const spreads = async () =>
    (await features()).map(({ game_id, team, spread, total }) => [game_id, team, spread, total]);
  const before = await spreads();
  const game = '(SELECT min(game_id) FROM games WHERE season = 2023)';
  await loading.client.query(`UPDATE games SET neutral = true WHERE game_id = ${game};
    UPDATE odds_history SET home_team = away_team, away_team = home_team, home_team_name = away_team_name,
      away_team_name = home_team_name, game_id = NULL WHERE game_id = ${game}`);
  expect(await relinkOddsToGames(loading.client)).toBeGreaterThan(0);
  await derive();
  expect(await spreads()).toEqual(before);
  await loading.run(loadGames, sample);
  await loading.client.query('TRUNCATE odds_history, odds_snapshots');
  await season.loadOdds();
  await derive();
});

test('a second run computes nothing, and a forced one changes nothing', async () => {
  await derive();
  expect(await derive()).toEqual({ play_class: 0, team_game_epa: 0, asof_features: 0 });
  const stamps = async () => {
    const sums: unknown[] = [];
    for (const table of Object.keys(DERIVED)) sums.push(await loading.contents(table, { stamps: true }));
    return sums;
  };
  const before = await stamps();
  expect(await derive({ ETL_PARAM_RELOAD: 'true' })).toEqual({ play_class: 0, team_game_epa: 0, asof_features: 0 });
  expect(await stamps()).toEqual(before);
});

test('when a play changes, only what depends on it is computed again', async () => {
  const [play] = await loading.rows<{ game_id: string; epa: number }>(
    `UPDATE plays SET epa = epa + 0.25 WHERE ctid = (SELECT p.ctid FROM plays p JOIN games g USING (game_id)
     WHERE g.week = 3 AND p.play_type = 'run' ORDER BY g.kickoff, p.play_id LIMIT 1) RETURNING game_id, epa`,
  );
  const changed = await derive();
  // The two teams of that game, and their (and their opponents') later games.
  expect(changed['team_game_epa']).toBe(2);
  expect(changed['play_class']).toBe(0);
  expect(changed['asof_features']).toBeGreaterThan(2);
  await loading.client.query('UPDATE plays SET epa = epa - 0.25 WHERE game_id = $1 AND epa = $2', [
    play?.game_id,
    play?.epa,
  ]);
  await loading.run(loadPlays, sample);
  await derive();
});

test('the features are also written to a file, with all columns of the table', async () => {
  const text = await readFile(join(loading.directory, 'data/processed/features/asof_team_features.csv'), 'utf8');
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  expect(rows).toHaveLength((await features()).length);
  expect(Object.keys(rows[0] ?? {})).toContain('off_epa_ewma');
});

test.each([
  [{ play_type: null }, 'admin'],
  [{ play_type: 'no_play', pass: true }, 'no_play'],
  [{ play_type: 'kickoff' }, 'special_teams'],
  [{ play_type: 'punt' }, 'special_teams'],
  [{ play_type: 'field_goal' }, 'special_teams'],
  [{ play_type: 'extra_point' }, 'special_teams'],
  [{ play_type: 'qb_kneel' }, 'kneel'],
  [{ play_type: 'qb_spike' }, 'spike'],
  [{ play_type: 'run', pass: true, qb_scramble: true }, 'scramble'],
  [{ play_type: 'pass', pass: true, sack: true }, 'sack'],
  [{ play_type: 'pass', pass: true }, 'dropback_pass'],
  [{ play_type: 'run', rush: true }, 'designed_run'],
])('a play with %j is a %s', async (flags, expected) => {
  await loading.client.query(
    `INSERT INTO plays (game_id, play_id, season, week, play_type, pass, rush, qb_scramble, sack)
     SELECT '1999_01_A_B', 1, 1999, 1, play_type, pass, rush, qb_scramble, sack FROM json_populate_record(NULL::plays, $1)`,
    [JSON.stringify(flags)],
  );
  try {
    await loading.run(classifyPlays, sample, { ETL_PARAM_SEASONS: '1999' });
    expect(await loading.rows('SELECT class FROM play_class WHERE season = 1999')).toEqual([{ class: expected }]);
  } finally {
    await loading.client.query('DELETE FROM plays WHERE season = 1999');
  }
});

test('explosive, early and scrimmage plays are separated at their limits', async () => {
  const rows = await loading.rows(
    `SELECT count(*) FILTER (WHERE c.explosive <> coalesce(p.pass AND p.yards_gained >= 20 OR p.rush AND p.yards_gained >= 10, false))::int AS explosive,
       count(*) FILTER (WHERE c.early_down <> coalesce(p.down <= 2, false))::int AS early,
       count(*) FILTER (WHERE c.is_scrimmage <> ((p.pass OR p.rush) AND p.epa IS NOT NULL AND p.posteam IS NOT NULL))::int AS scrimmage,
       count(*) FILTER (WHERE p.pass AND p.yards_gained = 20 OR p.rush AND p.yards_gained = 10)::int > 0 AS borders
     FROM plays p JOIN play_class c USING (game_id, play_id)`,
  );
  expect(rows).toEqual([{ explosive: 0, early: 0, scrimmage: 0, borders: true }]);
});

test('the mart has a row per game, follows its sources, and is not rebuilt when they are unchanged', async () => {
  await loading.run(refreshMart, sample);
  const games = await loading.rows('SELECT FROM games');
  expect(await loading.rows('SELECT FROM mart.game_summary')).toHaveLength(games.length);
  const again = await loading.run(refreshMart, sample);
  expect(again.report).toMatchObject({ rows: games.length, rows_changed: 0 });
  expect(again.log).toContain('its inputs have not changed');
  await loading.client.query('UPDATE games SET total_line = 60.5 WHERE game_id = (SELECT min(game_id) FROM games)');
  expect((await loading.run(refreshMart, sample)).report).toMatchObject({ rows_changed: 1 });
  expect(await loading.rows('SELECT total_line FROM mart.game_summary WHERE total_line = 60.5')).toHaveLength(1);
  await loading.run(loadGames, sample);
});

test('the mart can be read while it is refreshed', async () => {
  await loading.client.query('BEGIN');
  const before = await loading.rows('SELECT count(*) FROM mart.game_summary');
  await loading.run(refreshMart, sample, { ETL_PARAM_RELOAD: 'true' });
  expect(await loading.rows('SELECT count(*) FROM mart.game_summary')).toEqual(before);
  await loading.client.query('COMMIT');
});
