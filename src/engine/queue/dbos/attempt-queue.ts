import type { DBOSClient, WorkflowStatus } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { ok, type Result } from '../../model/result.ts';
import { mailboxChannel } from '../output/attempt-record.ts';
import { dbosSchema } from '../queue-schema.ts';
import { loadDbos } from './load-dbos.ts';
import { application, hostOf, mailboxOf, protocol, silentLogger, unusedUrl, workflowName } from './protocol.ts';

/** An attempt as DBOS knows it; `Spec` is what was sent with it. */
export type QueuedAttempt<Spec> = {
  readonly key: string;
  /** The worker in whose mailbox it is or was; undefined of one that was cancelled before any took it. */
  readonly host: HostId | undefined;
  /** `waiting` in its mailbox, `taken` by the worker, or `over`: with an outcome, or cancelled. */
  readonly stage: 'waiting' | 'taken' | 'over';
  readonly spec: Spec;
};

/** What orchestrators do with attempts. Everything rejects with the driver's error when the database cannot be asked. */
export type AttemptQueue<Spec> = {
  /** Puts it into the mailbox of a worker, once for all times: a second call for the same key changes nothing. */
  enqueue(key: string, host: HostId, spec: Spec): Promise<void>;
  find(keys: readonly string[]): Promise<readonly QueuedAttempt<Spec>[]>;
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
  const list = async (which: Parameters<DBOSClient['listWorkflows']>[0]) =>
    (await client.listWorkflows({ ...which, loadInput: true, loadOutput: false })).map(queued<Spec>);
  return ok({
    enqueue: async (key, host, spec) => {
      await client.enqueue({ workflowID: key, workflowName, queueName: mailboxOf(host), appVersion: protocol }, spec);
      await pool.query('SELECT pg_notify($1, $2)', [mailboxChannel, host]);
    },
    find: (keys) => list({ workflowIDs: [...keys] }),
    unfinished: (run) => list({ workflow_id_prefix: `${run}/`, status: ['ENQUEUED', 'PENDING'] }),
    cancel: (keys) => client.cancelWorkflows([...keys]),
    removeMailbox: (host) => client.deleteQueue(mailboxOf(host)),
    close: () => client.destroy(),
  });
}

function queued<Spec>({ workflowID, status, queueName, executorId, input }: WorkflowStatus): QueuedAttempt<Spec> {
  const stage = status === 'ENQUEUED' ? 'waiting' : status === 'PENDING' ? 'taken' : 'over';
  const host = queueName === undefined ? (executorId as HostId | undefined) : hostOf(queueName);
  return { key: workflowID, host, stage, spec: input?.[0] as Spec };
}
