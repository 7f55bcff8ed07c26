import { ensureSchema } from '../tables/ensure-schema.ts';
import type { TaskContext } from '../task-context.ts';
import { deriveSeasons } from './derive-season.ts';
import { derivedSql } from './derived-sql.ts';
import { readFeatureSettings } from './feature-settings.ts';

/** Gives every play of the seasons its class, in `play_class`. */
export async function classifyPlays(context: TaskContext): Promise<void> {
  const client = await context.connect();
  await ensureSchema(client);
  const inputs = (season: number) => [{ table: 'plays', season }];
  const sql = derivedSql('play_class', readFeatureSettings(context.env));
  const table = { table: 'play_class', sql, key: ['game_id', 'play_id'], inputs };
  await deriveSeasons(context, client, table, 'plays with a class');
}
