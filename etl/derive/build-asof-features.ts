import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { ensureSchema } from '../load/ensure-schema.ts';
import { gamesPart } from '../load/load-games.ts';
import { partOf, removeLeftovers } from '../part-file.ts';
import type { TaskContext } from '../task-context.ts';
import { deriveSeasons } from './derive-season.ts';

/** Below the project directory. */
const FEATURES_FILE = 'data/processed/features/asof_team_features.csv';

/** Computes what was known about each team before each game, into `asof_features` and a CSV file. */
export async function buildAsofFeatures(context: TaskContext): Promise<void> {
  const client = await context.connect();
  await ensureSchema(client);
  const inputs = (season: number) => [
    gamesPart(season),
    { table: 'team_game_epa', season },
    { table: 'odds_history', gamesOf: season },
  ];
  const joined = ['games', 'team_game_epa', 'odds_history'];
  const table = { table: 'asof_features', key: ['game_id', 'team'], inputs, joined };
  await deriveSeasons(context, client, table, 'as-of rows');
  const rows = await writeFeatures(client, join(context.projectDirectory, FEATURES_FILE), context.signal);
  context.log(`${rows} rows of all seasons in ${FEATURES_FILE}`);
}

/** Writes the whole table, of all seasons that it holds; a reader sees the old file or the new one, never a part. */
async function writeFeatures(client: pg.Client, path: string, signal: AbortSignal): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  await removeLeftovers(path);
  const temporary = partOf(path);
  const copy = client.query(
    copyTo('COPY (SELECT * FROM asof_features ORDER BY as_of, game_id, team) TO STDOUT (FORMAT csv, HEADER true)'),
  );
  try {
    await pipeline(copy, createWriteStream(temporary, { flush: true }), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return copy.rowCount;
}
