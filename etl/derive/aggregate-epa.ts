import { gamesPart } from '../load/load-games.ts';
import { ensureSchema } from '../tables/ensure-schema.ts';
import type { TaskContext } from '../task-context.ts';
import { deriveSeasons } from './derive-season.ts';
import { derivedSql } from './derived-sql.ts';
import { readFeatureSettings } from './feature-settings.ts';

/** Sums expected points per game and team, offence and defence, in `team_game_epa`. */
export async function aggregateEpa(context: TaskContext): Promise<void> {
  const client = await context.connect();
  await ensureSchema(client);
  const inputs = (season: number) => [{ table: 'plays', season }, gamesPart(season)];
  const sql = derivedSql('team_game_epa', readFeatureSettings(context.env));
  await deriveSeasons(context, client, { table: 'team_game_epa', sql, key: ['game_id', 'team'], inputs }, 'team games');
}
