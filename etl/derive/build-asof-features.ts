import { join } from 'node:path';
import { gamesPart } from '../load/load-games.ts';
import { ensureSchema } from '../tables/ensure-schema.ts';
import type { TaskContext } from '../task-context.ts';
import { deriveSeasons } from './derive-season.ts';
import { derivedSql } from './derived-sql.ts';
import { readFeatureSettings } from './feature-settings.ts';
import { addWindowColumns, featureColumns } from './window-columns.ts';
import { writeFeatures } from './write-features.ts';

/** Below the project directory. */
const FEATURES_FILE = 'data/processed/features/asof_team_features.csv';

/** Computes what was known about each team before each game, into `asof_features` and a CSV file. */
export async function buildAsofFeatures(context: TaskContext): Promise<void> {
  const settings = readFeatureSettings(context.env);
  const client = await context.connect();
  await ensureSchema(client);
  await addWindowColumns(client, settings.windows);
  const inputs = (season: number) => [
    gamesPart(season),
    { table: 'team_game_epa', season },
    { table: 'odds_history', gamesOf: season },
  ];
  const joined = ['games', 'team_game_epa', 'odds_history'];
  const sql = derivedSql('asof_features', settings);
  const table = { table: 'asof_features', sql, key: ['game_id', 'team'], inputs, joined };
  await deriveSeasons(context, client, table, 'as-of rows');
  const columns = await featureColumns(client, settings.windows);
  const rows = await writeFeatures(client, columns, join(context.projectDirectory, FEATURES_FILE), context.signal);
  context.log(`${rows} rows of all seasons in ${FEATURES_FILE}`);
}
