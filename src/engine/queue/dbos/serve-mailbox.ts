import { AsyncResource } from 'node:async_hooks';
import type { DBOSConfig } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId } from '../../model/ids.ts';
import { ok, type Result } from '../../model/result.ts';
import { dbosSchema } from '../queue-schema.ts';
import { dbosInternals, loadDbos } from './load-dbos.ts';
import { application, mailboxOf, protocol, silentLogger, unusedUrl, workflowName } from './protocol.ts';

/** How often it looks for attempts without being told to; each look is a transaction. */
const lookEveryMs = 1_000;

export type Mailbox = {
  /** The attempts that are taken in its name and not over; some of them it may not know of, see `serveMailbox`. */
  taken(): Promise<readonly string[]>;
  /** Looks for attempts at once: somebody has said that there are some, or there is room for one more. */
  look(): void;
  /** From now on, takes everything that is there and comes, whatever its slots. */
  takeAll(): void;
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
  /** How many it carries out at this moment. When there are fewer, `look` is to be called. */
  readonly running: () => number;
  /** Carries out an attempt; what it returns is kept as its outcome. Never rejects. */
  readonly run: (key: string, spec: Spec) => Promise<Outcome>;
};

/** What DBOS does for each queue by its interval, and has no public name for. It takes no more than the limit says. */
type PollingRunner = {
  pollQueue(executor: unknown, queue: { readonly workerConcurrency: number }): Promise<boolean>;
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
  running,
  run,
}: MailboxOptions<Spec, Outcome>): Promise<Result<Mailbox, Diagnostic>> {
  const loaded = await loadDbos();
  if (!loaded.ok) return loaded;
  const { DBOS, DBOSClient } = loaded.value;
  const { wfQueueRunner } = dbosInternals('wfqueue');
  const { DBOSExecutor } = dbosInternals('dbos-executor');
  const mailbox = mailboxOf(worker);
  const shared = {
    systemDatabaseUrl: unusedUrl,
    systemDatabasePool: pool as never,
    systemDatabaseSchemaName: dbosSchema,
    logger: { ...silentLogger, warn: onTrouble, error: onTrouble },
  };
  const client = await DBOSClient.create({ ...shared, applicationName: application });
  // Before the launch, so that it is served at once.
  const queue = await client.registerQueue(mailbox, { workerConcurrency: slots, minPollingIntervalMs: lookEveryMs });
  let places = slots;
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
  const executor = DBOSExecutor.globalInstance!;
  const runner = wfQueueRunner as unknown as PollingRunner;
  let isLooking = false;
  let isAsked = false;
  let isClosed = false;
  // What DBOS remembers of the attempt that has ended is not for those that are taken now.
  const look = AsyncResource.bind(async () => {
    isAsked = true;
    if (isLooking) return;
    isLooking = true;
    while (isAsked && !isClosed) {
      isAsked = false;
      const free = places - running();
      // DBOS still counts those that have ended, until their outcome is written.
      const workerConcurrency = executor.systemDatabase.countRunningWorkflowsForQueue(mailbox) + free;
      if (free > 0) await runner.pollQueue(executor, { ...queue, workerConcurrency });
    }
    isLooking = false;
  });
  return ok({
    look,
    taken: async () => {
      const taken = await client.listWorkflows({ executorId: worker, status: 'PENDING', loadInput: false });
      return taken.map(({ workflowID }) => workflowID);
    },
    takeAll: () => {
      places = 1_000_000;
      look();
    },
    close: () => {
      isClosed = true;
      return DBOS.shutdown();
    },
  });
}
