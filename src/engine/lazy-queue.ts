import type { Diagnostic } from './model/diagnostic.ts';
import type { Result } from './model/result.ts';
import type * as migration from './queue/migrate/migrate-queue.ts';
import type * as pruning from './queue/prune-queue.ts';

/** Creates or upgrades the queue that ETL_TUI_QUEUE names; see `queue/migrate/migrate-queue.ts`. */
export async function migrateQueue(
  env: Readonly<Record<string, string | undefined>>,
  grant?: string,
): Promise<Result<migration.Migration, Diagnostic>> {
  const { queueAddress } = await import('./queue/queue-address.ts');
  const address = queueAddress(env);
  return address.ok ? (await import('./queue/migrate/migrate-queue.ts')).migrateQueue(address.value, grant) : address;
}

/** Deletes old runs and workers of the queue that ETL_TUI_QUEUE names; see `queue/prune-queue.ts`. */
export const pruneQueue: typeof pruning.pruneQueue = async (...args) =>
  (await import('./queue/prune-queue.ts')).pruneQueue(...args);
