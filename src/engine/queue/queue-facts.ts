import { describeUrl } from '../database/connection/connection-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { loadDbos } from './dbos/load-dbos.ts';
import { findUnencrypted } from './find-unencrypted.ts';
import { openQueueClient } from './open-queue-client.ts';
import { queueAddress } from './queue-address.ts';
import { queueSchema } from './queue-schema.ts';

export type QueueFacts = {
  /** Without the password. */
  readonly place: string;
  /** Workers whose lease has not ended. */
  readonly workers: number;
  readonly slots: number;
  readonly openRuns: number;
  readonly warning?: Diagnostic;
};

/** What there is at the queue that ETL_TUI_QUEUE names. Errors: all those that using it has. Never rejects. */
export async function queueFacts(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<QueueFacts, Diagnostic>> {
  const address = queueAddress(env);
  if (!address.ok) return address;
  const dbos = await loadDbos();
  if (!dbos.ok) return dbos;
  const opened = await openQueueClient(address.value, { applicationName: 'etl-tui:doctor' });
  if (!opened.ok) return opened;
  const client = opened.value;
  const counted = await client.query<{ workers: number; slots: number; runs: number }>(
    `SELECT count(*)::int AS workers, coalesce(sum(slots), 0)::int AS slots,
       (SELECT count(*)::int FROM ${queueSchema}.etl_run WHERE is_open) AS runs
     FROM ${queueSchema}.etl_worker
     WHERE NOT dead AND beat > clock_timestamp() - lease_ms * interval '1 ms'`,
  );
  await client.close();
  const place = describeUrl(client.address);
  if (!counted.ok) {
    const message = `The queue "${place}" cannot be read: ${counted.error.message}`;
    return failed({ code: 'database/refused', severity: 'error', message });
  }
  const { workers = 0, slots = 0, runs = 0 } = counted.value[0] ?? {};
  const warning = findUnencrypted(client.address);
  return ok({ place, workers, slots, openRuns: runs, ...(warning === undefined ? {} : { warning }) });
}
