import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { forgetAttempts } from './dbos/forget-attempts.ts';
import { loadDbos } from './dbos/load-dbos.ts';
import { openQueueClient, openQueuePool } from './open-queue-client.ts';
import { queueAddress } from './queue-address.ts';
import { queueSchema as q } from './queue-schema.ts';

export type QueuePruning = {
  /** Deleted by name, because they were elsewhere. */
  readonly runs: readonly string[];
  /** Those that were last heard of so long ago are due as well; absent = none for that reason. */
  readonly olderThanMs?: number;
  readonly dryRun?: boolean;
};

export type PrunedQueue = {
  /** The oldest first; with `dryRun` those that would be. */
  readonly runs: readonly string[];
  /** Workers that are dead, or did not give their lease back. */
  readonly workers: number;
};

/** A run that nobody drives: closed, or its driver was not heard of for the time of its lease. */
const isLeft = `(NOT is_open OR beat < clock_timestamp() - lease_ms * interval '1 ms')`;

/**
 * Deletes old runs of the queue: journals, plans, output, attempts; and old workers that are dead. Never what a process drives.
 * Errors: those of the queue.
 */
export async function pruneQueue(
  env: Readonly<Record<string, string | undefined>>,
  { runs, olderThanMs, dryRun = false }: QueuePruning,
): Promise<Result<PrunedQueue, Diagnostic>> {
  const address = queueAddress(env);
  if (!address.ok) return address;
  const dbos = await loadDbos();
  if (!dbos.ok) return dbos;
  const opened = await openQueueClient(address.value, { applicationName: 'etl-tui:prune' });
  if (!opened.ok) return opened;
  const client = opened.value;
  const pool = openQueuePool(client.address, 'etl-tui:prune', 1);
  const rows = async <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[]) => {
    const done = await client.query<Row>(sql, values, 600_000);
    if (!done.ok) throw new Error(done.error.message);
    return done.value;
  };
  try {
    const age = `clock_timestamp() - $1 * interval '1 ms'`;
    const due = await rows<{ run: string }>(
      `SELECT run FROM ${q}.etl_run WHERE ${isLeft} AND (run = ANY($2) OR beat < ${age})
       UNION SELECT run FROM ${q}.etl_output AS o WHERE NOT EXISTS (SELECT FROM ${q}.etl_run r WHERE r.run = o.run)
         GROUP BY run HAVING run = ANY($2) OR max(at) < ${age}
       ORDER BY run`,
      [olderThanMs ?? null, runs],
    );
    const isGone = `(dead OR beat < clock_timestamp() - lease_ms * interval '1 ms') AND beat < ${age}`;
    const gone = await rows<{ id: string }>(
      dryRun
        ? `SELECT id FROM ${q}.etl_worker WHERE ${isGone}`
        : `DELETE FROM ${q}.etl_worker WHERE ${isGone} RETURNING id`,
      [olderThanMs ?? null],
    );
    for (const { run } of dryRun ? [] : due) {
      await forgetAttempts(dbos.value, pool, run);
      await rows(
        `WITH a AS (DELETE FROM ${q}.etl_output WHERE run = $1), b AS (DELETE FROM ${q}.etl_stop WHERE starts_with(attempt, $1 || '/'))
         DELETE FROM ${q}.etl_run WHERE run = $1 AND ${isLeft}`,
        [run],
      );
    }
    return ok({ runs: due.map(({ run }) => run), workers: gone.length });
  } catch (error) {
    const hint = 'see the log of the server; a second call goes on where this one stopped';
    const message = `The queue could not be pruned: ${(error as Error).message}`;
    return failed({ code: 'run/cannot-delete', severity: 'error', message, hint });
  } finally {
    await pool.end();
    await client.close();
  }
}
