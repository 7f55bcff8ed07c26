import { migrateQueue } from '../../src/engine/queue/migrate/migrate-queue.ts';
import { openQueueClient } from '../../src/engine/queue/open-queue-client.ts';
import { queueAddress } from '../../src/engine/queue/queue-address.ts';
import type { QueueClient } from '../../src/engine/queue/queue-client.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

export type TestQueue = TestDatabase & {
  /** Names the queue: ETL_TUI_QUEUE. */
  readonly env: { readonly ETL_TUI_QUEUE: string };
  readonly address: Parameters<typeof openQueueClient>[0];
  /** A connection of its own; the caller closes it. */
  open(applicationName?: string): Promise<QueueClient>;
};

/** A database that hosts share, with its tables, to be thrown away. */
export async function createTestQueue(): Promise<TestQueue> {
  const database = await createTestDatabase();
  const env = { ETL_TUI_QUEUE: database.url };
  const address = queueAddress(env);
  if (!address.ok) throw new Error(address.error.message);
  const migrated = await migrateQueue(address.value);
  if (!migrated.ok) throw new Error(migrated.error.message);
  return {
    ...database,
    env,
    address: address.value,
    open: async (applicationName = 'test') => {
      const opened = await openQueueClient(address.value, { applicationName });
      if (!opened.ok) throw new Error(opened.error.message);
      return opened.value;
    },
  };
}
