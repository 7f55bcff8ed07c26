import { ensureSchema } from '../load/ensure-schema.ts';
import type { TaskContext } from '../task-context.ts';
import { deriveSeasons } from './derive-season.ts';

/** Gives every play of the seasons its class, in `play_class`. */
export async function classifyPlays(context: TaskContext): Promise<void> {
  const client = await context.connect();
  await ensureSchema(client);
  const inputs = (season: number) => [{ table: 'plays', season }];
  await deriveSeasons(
    context,
    client,
    { table: 'play_class', key: ['game_id', 'play_id'], inputs },
    'plays with a class',
  );
}
