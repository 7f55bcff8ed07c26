import type pg from 'pg';
import { dbosSchema } from '../queue-schema.ts';
import type { Dbos } from './load-dbos.ts';
import { silentLogger, unusedUrl } from './protocol.ts';

const atOnce = 1_000;

/** Deletes what DBOS keeps of the attempts of a run, also of those that were never taken. Rejects with the driver's error. */
export async function forgetAttempts({ DBOSClient }: Dbos, pool: pg.Pool, run: string): Promise<void> {
  const client = await DBOSClient.create({
    systemDatabaseUrl: unusedUrl,
    systemDatabasePool: pool as never,
    systemDatabaseSchemaName: dbosSchema,
    logger: silentLogger,
  });
  for (;;) {
    const which = { workflow_id_prefix: `${run}/`, limit: atOnce, loadInput: false, loadOutput: false };
    const found = await client.listWorkflows(which);
    if (found.length > 0) await client.deleteWorkflows(found.map(({ workflowID }) => workflowID));
    if (found.length < atOnce) break;
  }
  await client.destroy();
}
