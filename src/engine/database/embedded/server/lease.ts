import type pg from 'pg';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { endClient, queryWithDeadline } from '../../connection/client-deadlines.ts';
import { checkCluster } from '../cluster/check-cluster.ts';
import { createCluster } from '../cluster/create-cluster.ts';
import { readPasswords } from '../cluster/embedded-directory.ts';
import { startFailed } from '../start-failed.ts';
import { stopPostmaster } from './postmaster.ts';
import { watchServer } from './server-watch.ts';
import { type ServerOptions, startOrJoin } from './start-or-join.ts';

/**
 * The lease of one process on the embedded server:
 * 1. Each process holds a shared advisory lock on a connection of its own. The kernel closes the connection with the
 *    process, so no lease outlives its owner.
 * 2. A process that leaves releases its shared lock and tries to take the exclusive one.
 * 3. It gets that only as the last user, and then stops the server. Processes that arrive meanwhile wait for the lock,
 *    lose their connection, and start the server again.
 * 4. A process that is killed does not come to that; another one, which outlives it, watches over its lease.
 */
export type Lease = {
  readonly client: pg.Client;
  readonly port: number;
  /** Releases the lease; `stop-if-last` stops the server when no other process has one. False when the server did not respond. */
  release(then: 'stop-if-last' | 'leave-running'): Promise<boolean>;
};

/** The first key of all advisory locks of etl-tui. */
export const lockSpace = 7423;
export const leaseLock = `${lockSpace}, 1`;

/** As long as the last user may take to stop the server. */
const lockDeadlineMs = 30_000;
const queryDeadlineMs = 3_000;

export type LeaseOptions = Omit<ServerOptions, 'passwords'> & { readonly onProgress: (line: string) => void };

/** Creates the data directory and starts the server, each unless it exists, and takes a lease. */
export async function acquireLease(options: LeaseOptions): Promise<Result<Lease, Diagnostic>> {
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
      // Waits while the last user stops the server; the connection then breaks, and the loop starts the server again.
      await queryWithDeadline(client, lockDeadlineMs, `SELECT pg_advisory_lock_shared(${leaseLock})`);
      const endWatch = watchServer(directory);
      client.once('end', endWatch);
      return ok({ client, port, release: (then) => release(client, directory.cluster, then) });
    } catch (error) {
      void endClient(client);
      if (attempt === 5) return failed(startFailed('The PostgreSQL server keeps stopping', String(error)));
    }
  }
}

/** How many processes have a lease now. */
export async function countLeases(client: pg.Client): Promise<number> {
  const rows = await queryWithDeadline<{ users: number }>(
    client,
    queryDeadlineMs,
    `SELECT count(*)::int AS users FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) = (${leaseLock})
       AND mode = 'ShareLock'`,
  );
  return rows[0]?.users ?? 0;
}

async function release(client: pg.Client, cluster: string, then: 'stop-if-last' | 'leave-running') {
  try {
    await queryWithDeadline(client, queryDeadlineMs, `SELECT pg_advisory_unlock_shared(${leaseLock})`);
    if (then === 'leave-running') return true;
    const rows = await queryWithDeadline<{ last: boolean }>(
      client,
      queryDeadlineMs,
      `SELECT pg_try_advisory_lock(${leaseLock}) AS last`,
    );
    if (rows[0]?.last === true) await stopPostmaster(cluster);
    return true;
  } catch {
    // Either the connection is lost, and the lease with it, or the server is frozen; the next etl-tui process takes it over.
    return false;
  } finally {
    await endClient(client);
  }
}

function passwordsMissing(cluster: string): Diagnostic {
  return startFailed(
    `The passwords of the database in "${cluster}" are missing or belong to another user`,
    '',
    'its data is still there: run as the user who owns the directory, or restore its "etl-tui-passwords.json" from a backup',
  );
}
