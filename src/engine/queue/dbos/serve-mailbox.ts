import type { DBOSConfig } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { ok, type Result } from '../../model/result.ts';
import { dbosSchema } from '../queue-schema.ts';
import { loadDbos } from './load-dbos.ts';
import { application, mailboxOf, protocol, silentLogger, unusedUrl, workflowName } from './protocol.ts';

/** How often it looks for attempts. Half of it is what an attempt waits on average; each look is a transaction. */
const lookEveryMs = 100;

export type Mailbox = {
  /** The attempts that are taken in its name and not over; some of them it may not know of, see `serveMailbox`. */
  taken(): Promise<readonly string[]>;
  /** From a second later on, takes everything that is there and comes, whatever its slots. */
  takeAll(): Promise<void>;
  /** Attempts that still run are left alone. */
  close(): Promise<void>;
};

export type MailboxOptions<Spec, Outcome> = {
  /** Stays the caller's. DBOS needs two connections. */
  readonly pool: pg.Pool;
  /** Never used before. */
  readonly worker: HostId;
  /** How many attempts are taken at once. */
  readonly slots: number;
  /** Something went wrong between DBOS and the database. */
  readonly onTrouble: () => void;
  /** Carries out an attempt; what it returns is kept as its outcome. Never rejects. */
  readonly run: (key: string, spec: Spec) => Promise<Outcome>;
};

/**
 * Takes attempts from the mailbox of a worker. There can be one in a process, because DBOS has one state for all of it.
 * When the answer to a take is lost, an attempt is taken and `run` is not called for it. Error: `queue/not-installed`.
 */
export async function serveMailbox<Spec, Outcome>({
  pool,
  worker,
  slots,
  onTrouble,
  run,
}: MailboxOptions<Spec, Outcome>): Promise<Result<Mailbox, Diagnostic>> {
  const loaded = await loadDbos();
  if (!loaded.ok) return loaded;
  const { DBOS, DBOSClient } = loaded.value;
  const mailbox = mailboxOf(worker);
  const shared = {
    systemDatabaseUrl: unusedUrl,
    systemDatabasePool: pool as never,
    systemDatabaseSchemaName: dbosSchema,
    logger: { ...silentLogger, warn: onTrouble, error: onTrouble },
  };
  const client = await DBOSClient.create({ ...shared, applicationName: application });
  // Before the launch, so that it is served at once.
  await client.registerQueue(mailbox, { workerConcurrency: slots, minPollingIntervalMs: lookEveryMs });
  DBOS.registerWorkflow(async (spec: Spec) => run(DBOS.workflowID ?? '', spec), { name: workflowName });
  DBOS.setConfig({
    ...shared,
    name: application,
    applicationVersion: protocol,
    executorID: worker,
    listenQueues: [mailbox],
    maxConcurrentQueueDispatches: 1,
    useListenNotify: false,
    runMigrations: false,
  } satisfies DBOSConfig);
  await DBOS.launch();
  return ok({
    taken: async () => {
      const taken = await client.listWorkflows({ executorId: worker, status: 'PENDING', loadInput: false });
      return taken.map(({ workflowID }) => workflowID);
    },
    takeAll: async () => {
      await client.registerQueue(mailbox, { minPollingIntervalMs: lookEveryMs });
    },
    close: () => DBOS.shutdown(),
  });
}
