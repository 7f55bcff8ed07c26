import type { DBOSClient, WorkflowStatus } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { ok, type Result } from '../../model/result.ts';
import { mailboxChannel } from '../output/attempt-record.ts';
import { dbosSchema } from '../queue-schema.ts';
import { loadDbos } from './load-dbos.ts';
import { application, hostOf, mailboxOf, protocol, silentLogger, unusedUrl, workflowName } from './protocol.ts';

/** An attempt as DBOS knows it. */
export type FoundAttempt = {
  readonly key: string;
  /** The worker in whose mailbox it is or was; undefined of one that was cancelled before any took it. */
  readonly host: HostId | undefined;
  /** `waiting` in its mailbox, `taken` by the worker, or `over`: with an outcome, or cancelled. */
  readonly stage: 'waiting' | 'taken' | 'over';
};

/** What was sent with it. */
export type QueuedAttempt<Spec> = FoundAttempt & { readonly spec: Spec };

/** What orchestrators do with attempts. Everything rejects with the driver's error when the database cannot be asked. */
export type AttemptQueue<Spec> = {
  /** Puts it into the mailbox of a worker, once for all times: a second call for the same key changes nothing. */
  enqueue(key: string, host: HostId, spec: Spec): Promise<void>;
  find(keys: readonly string[]): Promise<readonly FoundAttempt[]>;
  /** Those of a run that are not over. */
  unfinished(run: string): Promise<readonly QueuedAttempt<Spec>[]>;
  /** Their results are refused from now on; those that have one keep it. Does not end a process. */
  cancel(keys: readonly string[]): Promise<void>;
  /** No worker looks into the mailbox any more. */
  removeMailbox(host: HostId): Promise<void>;
  close(): Promise<void>;
};

/** @param pool stays the caller's. Error: `queue/not-installed`. */
export async function openAttemptQueue<Spec>(pool: pg.Pool): Promise<Result<AttemptQueue<Spec>, Diagnostic>> {
  const loaded = await loadDbos();
  if (!loaded.ok) return loaded;
  const client: DBOSClient = await loaded.value.DBOSClient.create({
    systemDatabaseUrl: unusedUrl,
    systemDatabasePool: pool as never,
    systemDatabaseSchemaName: dbosSchema,
    applicationName: application,
    logger: silentLogger,
  });
  const list = (which: Parameters<DBOSClient['listWorkflows']>[0], loadInput: boolean) =>
    client.listWorkflows({ ...which, loadInput, loadOutput: false });
  return ok({
    enqueue: async (key, host, spec) => {
      await client.enqueue({ workflowID: key, workflowName, queueName: mailboxOf(host), appVersion: protocol }, spec);
      await pool.query('SELECT pg_notify($1, $2)', [mailboxChannel, host]);
    },
    find: async (keys) => (keys.length === 0 ? [] : (await list({ workflowIDs: [...keys] }, false)).map(found)),
    unfinished: async (run) => {
      const left = await list({ workflow_id_prefix: `${run}/`, status: ['ENQUEUED', 'PENDING'] }, true);
      return left.map((one) => ({ ...found(one), spec: one.input?.[0] as Spec }));
    },
    cancel: (keys) => client.cancelWorkflows([...keys]),
    removeMailbox: (host) => client.deleteQueue(mailboxOf(host)),
    close: () => client.destroy(),
  });
}

function found({ workflowID, status, queueName, executorId }: WorkflowStatus): FoundAttempt {
  const stage = status === 'ENQUEUED' ? 'waiting' : status === 'PENDING' ? 'taken' : 'over';
  const host = queueName === undefined ? (executorId as HostId | undefined) : hostOf(queueName);
  return { key: workflowID, host, stage };
}
