import type pg from 'pg';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { endClient, queryWithDeadline } from '../../connection/client-deadlines.ts';
import { checkCluster } from '../cluster/check-cluster.ts';
import { createCluster } from '../cluster/create-cluster.ts';
import { readPasswords } from '../cluster/embedded-directory.ts';
import { startFailed } from '../start-failed.ts';
import { stopPostmaster } from './postmaster.ts';
import { type ServerOptions, startOrJoin } from './start-or-join.ts';

/**
 * One process's claim on the project's own server: a connection that holds a shared lock. The kernel closes it with the
 * process, so that no claim outlives its owner; the last one to leave takes the lock alone, and stops the server.
 */
export type Lease = {
  readonly client: pg.Client;
  readonly port: number;
  /** Gives the claim back; `stop-if-last` ends the server when nobody else has one. False when it did not answer. */
  release(then: 'stop-if-last' | 'leave-running'): Promise<boolean>;
};

/** First key of every advisory lock of ours. */
export const lockSpace = 7423;
export const leaseLock = `${lockSpace}, 1`;

/** The last user needs as long to stop the server. */
const claimWithinMs = 30_000;
const answerWithinMs = 3_000;

export type LeaseOptions = Omit<ServerOptions, 'passwords'> & { readonly onProgress: (line: string) => void };

/** Creates the data directory when there is none, starts the server when it does not run, and claims it. */
export async function takeLease(options: LeaseOptions): Promise<Result<Lease, Diagnostic>> {
  const { binaries, directory, onProgress } = options;
  const created = await createCluster(binaries, directory, onProgress);
  if (!created.ok) return created;
  const fit = checkCluster(directory.cluster, binaries, onProgress);
  if (!fit.ok) return fit;
  const passwords = readPasswords(directory.cluster);
  if (passwords === undefined) return failed(passwordsMissing(directory.cluster));
  for (let attempt = 1; ; attempt += 1) {
    const connection = await startOrJoin({ ...options, passwords });
    if (!connection.ok) return connection;
    const { client, port } = connection.value;
    try {
      // Waits when the last one is just leaving; then the server goes away under us, and we start it again.
      await queryWithDeadline(client, claimWithinMs, `SELECT pg_advisory_lock_shared(${leaseLock})`);
      return ok({ client, port, release: (then) => release(client, directory.cluster, then) });
    } catch (error) {
      void endClient(client);
      if (attempt === 5) return failed(startFailed('The PostgreSQL server ends again and again', String(error)));
    }
  }
}

/** How many processes have a claim now. */
export async function countLeases(client: pg.Client): Promise<number> {
  const rows = await queryWithDeadline<{ users: number }>(
    client,
    answerWithinMs,
    `SELECT count(*)::int AS users FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) = (${leaseLock})
       AND mode = 'ShareLock'`,
  );
  return rows[0]?.users ?? 0;
}

async function release(client: pg.Client, cluster: string, then: 'stop-if-last' | 'leave-running') {
  try {
    await queryWithDeadline(client, answerWithinMs, `SELECT pg_advisory_unlock_shared(${leaseLock})`);
    if (then === 'leave-running') return true;
    const rows = await queryWithDeadline<{ last: boolean }>(
      client,
      answerWithinMs,
      `SELECT pg_try_advisory_lock(${leaseLock}) AS last`,
    );
    if (rows[0]?.last === true) await stopPostmaster(cluster);
    return true;
  } catch {
    // The connection is gone, and the claim with it; or the server is frozen, and the next etl-tui takes it over.
    return false;
  } finally {
    await endClient(client);
  }
}

function passwordsMissing(cluster: string): Diagnostic {
  return startFailed(
    `The passwords of the database in "${cluster}" are missing or belong to another user`,
    '',
    'its data is still there: run as the user who owns the directory, or bring back its "etl-tui-passwords.json" from a backup',
  );
}
