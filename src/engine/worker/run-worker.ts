import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { createOutputFlow } from '../executors/process/output/output-flow.ts';
import { openProcessRunner } from '../executors/process/process-runner.ts';
import { findSecrets } from '../masking/find-secrets.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { HostId } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { Exit } from '../model/run/task-state.ts';
import { makeTemporaryDirectory } from '../platform/private-files.ts';
import { withDeadline } from '../platform/with-deadline.ts';
import { serveMailbox } from '../queue/dbos/serve-mailbox.ts';
import { findUnencrypted } from '../queue/find-unencrypted.ts';
import { openQueueClient, openQueuePool, poolDeadlineMs } from '../queue/open-queue-client.ts';
import { mailboxChannel } from '../queue/output/attempt-record.ts';
import { createOutputWriter } from '../queue/output/write-output.ts';
import { queueAddress } from '../queue/queue-address.ts';
import { allowedPrograms } from '../queue/wire/allowed-programs.ts';
import type { WireAttempt } from '../queue/wire/wire-form.ts';
import { type Fenced, holdLease } from '../queue/workers/hold-lease.ts';
import { fenceShare, renewalsPerLease } from '../queue/workers/worker-row.ts';
import { createAttemptDesk } from './attempt-desk.ts';
import { followStops } from './follow-stops.ts';
import { removeWork } from './remove-work.ts';
import { reportStrays } from './report-strays.ts';
import { sampleHost } from './sample-host.ts';

/** Of each thing that the worker has opened. */
const closeWithinMs = 2_000;

export type WorkerRequest = {
  readonly name: string;
  readonly labels: readonly string[];
  readonly slots: number;
  readonly leaseMs: number;
  /** Absolute: stands for the project directory. */
  readonly root: string;
  /** The only programs that it runs, by name or path; absent = every one. */
  readonly allow?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (warning: Diagnostic) => void;
  readonly onBegin: (key: string) => void;
  readonly onEnd: (key: string, exit: Exit) => void;
};

export type Worker = {
  readonly id: HostId;
  running(): number;
  /** Takes nothing more; is over when what runs has ended. */
  drain(): void;
  /** Ends what runs, each in its own grace, and is over then. */
  stop(): void;
  /** How it has ended: as it was asked to, or because its lease did. Nothing of what it ran is left. */
  readonly over: Promise<'drained' | Fenced>;
};

/**
 * Takes attempts of any run from the queue, and carries them out on this machine, until it is asked to end or its lease is
 * lost. It has four connections: one that renews the lease and waits for nothing else, one for output and requests to end,
 * two for DBOS. Errors: those of the queue and of `openProcessRunner`.
 */
export async function startWorker(request: WorkerRequest): Promise<Result<Worker, Diagnostic>> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) {
      // A database that is away answers nothing, not even that it is left.
      await withDeadline((async () => each())(), closeWithinMs, () => undefined);
    }
  };
  const started = await openWorker(request, closers, close);
  if (!started.ok) await close();
  return started;
}

async function openWorker(
  { name, labels, slots, leaseMs, root, allow, env, onWarning, onBegin, onEnd }: WorkerRequest,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Result<Worker, Diagnostic>> {
  const address = queueAddress(env);
  if (!address.ok) return address;
  const id = `${name}-${randomBytes(4).toString('hex')}` as HostId;
  const applicationName = `etl-tui:worker:${name}`;
  const connected = await openQueueClient(address.value, { applicationName });
  if (!connected.ok) return connected;
  const client = connected.value;
  closers.push(client.close);
  const unencrypted = findUnencrypted(client.address);
  if (unencrypted !== undefined) onWarning(unencrypted);
  const alone = await openQueueClient(client.address, { applicationName });
  if (!alone.ok) return alone;
  closers.push(alone.value.close);
  const pool = openQueuePool(client.address, applicationName, 2, poolDeadlineMs);
  closers.push(() => pool.end());

  const directory = makeTemporaryDirectory(join(tmpdir(), 'etl-tui-worker-'));
  closers.push(() => rmSync(directory, { recursive: true, force: true }));
  const secrets = findSecrets(Object.entries(env)).values;
  const graceMs = leaseMs / renewalsPerLease;
  const flow = createOutputFlow();
  const runner = openProcessRunner({ host: id, slots, env, secrets, directory, flow, lease: { graceMs } });
  if (!runner.ok) return runner;
  closers.push(runner.value.close);

  let isEnding = false;
  let onOver: (how: 'drained' | Fenced) => void = () => undefined;
  const over = new Promise<'drained' | Fenced>((resolve) => {
    onOver = resolve;
  });
  let giveBack = async () => {};
  const fence = async (why: Fenced) => {
    if (isEnding) return;
    isEnding = true;
    writer.stop();
    desk.stopAll(graceMs);
    await runner.value.close();
    // If it can still be told, nobody has to wait for the end of the lease.
    await withDeadline(giveBack(), closeWithinMs, () => undefined);
    await close();
    onOver(why);
  };
  const writer = createOutputWriter(
    client,
    id,
    () => void fence('declared-dead'),
    (isFull) => flow.set(!isFull),
  );
  const target = { root, env, ...(allow === undefined ? {} : { allow: allowedPrograms(allow, root) }) };
  let lookForMore = () => {};
  const onEndOf: WorkerRequest['onEnd'] = (...ended) => {
    lookForMore();
    onEnd(...ended);
  };
  const desk = createAttemptDesk({ runner: runner.value, writer, target, onBegin, onEnd: onEndOf });
  const strays = reportStrays(desk);
  const mailbox = await serveMailbox<WireAttempt, Exit>({
    ...{ pool, worker: id, slots, run: desk.run, running: desk.running, onTrouble: strays.onTrouble },
  });
  if (!mailbox.ok) return mailbox;
  closers.push(mailbox.value.close);
  lookForMore = mailbox.value.look;
  closers.push(strays.follow(mailbox.value.taken));
  const unlisten = client.listen(mailboxChannel, (named) => {
    // The connection is a new one.
    if (named === undefined) strays.onTrouble();
    if (named === undefined || named === id) mailbox.value.look();
  });
  closers.push(unlisten);
  closers.push(followStops(client, id, desk));
  const work = removeWork(client, root, onWarning);
  closers.push(work.stop);
  await withDeadline(work.look(), closeWithinMs, () => undefined);
  const load = await sampleHost();
  closers.push(load.stop);
  const lease = await holdLease({
    client: alone.value,
    worker: { id, name, labels, slots, leaseMs, version: manifest.version },
    load: load.latest,
    onRenewed: (since) => runner.value.renewLease(leaseMs * fenceShare, since),
    onFenced: (why) => void fence(why),
  });
  if (!lease.ok) return failed(notRegistered(lease.error.message));
  giveBack = lease.value.release;
  closers.push(lease.value.stop);

  const drain = async () => {
    desk.drain();
    // What waits in the mailbox is given back, so that another worker does it.
    await lease.value.drain();
    mailbox.value.takeAll();
    await desk.idle();
    // Ends without success when the lease is over before.
    await writer.flushed();
    if (isEnding) return;
    isEnding = true;
    await runner.value.close();
    await lease.value.release();
    await withDeadline(work.look(), closeWithinMs, () => undefined);
    await close();
    onOver('drained');
  };
  let isDraining = false;
  const drainOnce = () => {
    if (!isDraining) void drain();
    isDraining = true;
  };
  return ok({
    id,
    running: desk.running,
    drain: drainOnce,
    stop: () => {
      desk.stopAll();
      drainOnce();
    },
    over,
  });
}

function notRegistered(reason: string): Diagnostic {
  return {
    code: 'database/unreachable',
    severity: 'error',
    message: `The worker cannot be registered in the queue: ${reason}`,
    hint: 'start the server, or correct ETL_TUI_QUEUE',
  };
}
