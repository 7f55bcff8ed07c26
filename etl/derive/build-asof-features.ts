import { join } from 'node:path';
import type pg from 'pg';
import { gamesPart } from '../load/load-games.ts';
import { ensureSchema } from '../tables/ensure-schema.ts';
import type { TaskContext } from '../task-context.ts';
import { deriveSeasons } from './derive-season.ts';
import { derivedSql } from './derived-sql.ts';
import { readFeatureSettings } from './feature-settings.ts';
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

const SIDES = ['off', 'def', 'opp_off', 'opp_def'] as const;

/**
 * Gives `asof_features` the columns of windows that it does not have yet. Columns of windows that are no longer
 * configured stay, and become NULL when their season is computed again.
 */
async function addWindowColumns(client: pg.Client, windows: readonly number[]): Promise<void> {
  const there = await columnsOf(client);
  const missing = windows.flatMap(columnsOfWindow).filter((column) => !there.includes(column));
  if (missing.length === 0) return;
  const added = missing.map((column) => `ADD COLUMN IF NOT EXISTS ${column} double precision`);
  await client.query(`ALTER TABLE asof_features ${added.join(', ')}`);
}

/** The columns for others to read: those of the table as it was made, then those of further windows, shortest first. */
async function featureColumns(client: pg.Client, windows: readonly number[]): Promise<readonly string[]> {
  const further = windows.filter((window) => window !== 3 && window !== 5).flatMap(columnsOfWindow);
  const made = (await columnsOf(client)).filter((column) => !/_l\d+$/.test(column) || /_l[35]$/.test(column));
  return [...made, ...further];
}

const columnsOfWindow = (window: number) => SIDES.map((side) => `${side}_epa_l${window}`);

async function columnsOf(client: pg.Client): Promise<readonly string[]> {
  const { fields } = await client.query('SELECT * FROM asof_features LIMIT 0');
  return fields.map(({ name }) => name);
}
