import { expect } from 'vitest';
import { aggregateEpa } from '../../../../etl/derive/aggregate-epa.ts';
import { buildAsofFeatures } from '../../../../etl/derive/build-asof-features.ts';
import { classifyPlays } from '../../../../etl/derive/classify-plays.ts';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { openTestLoads } from '../load/test-loads.ts';
import { startTask } from '../odds/task-process.ts';
import type { Feature } from './hand-calculated.ts';

/** What is computed, in the order in which one follows from the other. */
export const DERIVED = {
  play_class: classifyPlays,
  team_game_epa: aggregateEpa,
  asof_features: buildAsofFeatures,
} as const;

export type DerivedSeason = Awaited<ReturnType<typeof openDerivedSeason>>;

/** The season 2023 of the small sample: games, plays and odds loaded, and everything derived from them. */
export async function openDerivedSeason() {
  const loading = await openTestLoads();
  const sample = await loading.sample();
  await loading.run(loadGames, sample);
  await loading.run(loadPlays, sample);
  const env = { ...sample, DATABASE_URL: loading.databaseUrl, ETL_PARAM_SEASONS: '2023' };
  const loadOdds = async () => {
    expect(await startTask('odds-history', { cwd: loading.directory, env }).ended).toMatchObject({ code: 0 });
  };
  await loadOdds();

  const derive = async (settings: Readonly<Record<string, string>> = {}) => {
    const changed: Record<string, number | undefined> = {};
    for (const [table, work] of Object.entries(DERIVED)) {
      changed[table] = (await loading.run(work, sample, settings)).report.rows_changed;
    }
    return changed;
  };
  await derive();
  return {
    loading,
    sample,
    loadOdds,
    /** Derives what is not up to date; the rows changed by table. */
    derive,
    features: () => loading.rows<Feature>('SELECT * FROM asof_features ORDER BY game_id, team'),
    close: () => loading.close(),
  };
}
