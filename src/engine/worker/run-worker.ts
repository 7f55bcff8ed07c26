import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { openProcessRunner } from '../executors/process/process-runner.ts';
import { findSecrets } from '../masking/find-secrets.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { HostId } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { Exit } from '../model/run/task-state.ts';
import { serveMailbox } from '../queue/dbos/serve-mailbox.ts';
import { openQueueClient, openQueuePool } from '../queue/open-queue-client.ts';
import { stopChannel } from '../queue/output/attempt-record.ts';
import { createOutputWriter } from '../queue/output/write-output.ts';
import { queueAddress } from '../queue/queue-address.ts';
import { queueSchema } from '../queue/queue-schema.ts';
import type { WireAttempt } from '../queue/wire/wire-attempt.ts';
import { type Fenced, holdLease } from '../queue/workers/hold-lease.ts';
import { createAttemptDesk } from './attempt-desk.ts';
import { sampleHost } from './sample-host.ts';

export type WorkerRequest = {
  readonly name: string;
  readonly labels: readonly string[];
  readonly slots: number;
  readonly leaseMs: number;
  /** Absolute: stands for the project directory. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
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
  /** How it has ended: as it was asked to, or because its lease did. Everything that it ran has ended. */
  readonly over: Promise<'drained' | Fenced>;
};

const lookForStopsEveryMs = 2_000;

/**
 * Takes attempts of any run from the queue, and carries them out on this machine, until it is asked to end or its lease is lost.
 * Errors: those of the queue and of `openProcessRunner`.
 */
export async function startWorker(request: WorkerRequest): Promise<Result<Worker, Diagnostic>> {
  const { name, slots, leaseMs, root, env } = request;
  const address = queueAddress(env);
  if (!address.ok) return address;
  const id = `${name}-${randomBytes(4).toString('hex')}` as HostId;
  const application = `etl-tui:worker:${name}`;
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-worker-'));
  const secrets = findSecrets(Object.entries(env), [], new Set()).values;
  const opened = openProcessRunner({ host: id, slots, env, secrets, directory });
  if (!opened.ok) return opened;
  const runner = opened.value;
  const first = await openQueueClient(address.value, { applicationName: application });
  if (!first.ok) return first;
  const client = first.value;
  const second = await openQueueClient(client.address, { applicationName: application });
  if (!second.ok) return second;
  const leaseClient = second.value;
  const pool = openQueuePool(client.address, application, 2);

  let isEnding = false;
  let onOver: (how: 'drained' | Fenced) => void = () => undefined;
  const over = new Promise<'drained' | Fenced>((resolve) => {
    onOver = resolve;
  });
  const fence = async (why: Fenced) => {
    if (isEnding) return;
    isEnding = true;
    desk.stopAll(leaseMs / 5);
    writer.stop();
    await runner.close();
    rmSync(directory, { recursive: true, force: true });
    onOver(why);
  };
  const writer = createOutputWriter(client, id, () => void fence('declared-dead'));
  const desk = createAttemptDesk({ runner, writer, root, onBegin: request.onBegin, onEnd: request.onEnd });
  const mailbox = await serveMailbox<WireAttempt, Exit>({ pool, worker: id, slots, run: desk.run });
  if (!mailbox.ok) return mailbox;

  const lookForStops = async () => {
    const rows = await client.query<{ attempt: string; grace: string }>(
      `SELECT attempt, grace_ms AS grace FROM ${queueSchema}.etl_stop WHERE worker = $1`,
      [id],
    );
    for (const { attempt, grace } of rows.ok ? rows.value : []) desk.stop(attempt, Number(grace));
  };
  client.listen(stopChannel, (worker) => {
    if (worker === undefined || worker === id) void lookForStops();
  });
  const stopTimer = setInterval(() => {
    if (desk.running() > 0) void lookForStops();
  }, lookForStopsEveryMs);

  const load = await sampleHost();
  const held = await holdLease({
    client: leaseClient,
    worker: { id, name, labels: request.labels, slots, leaseMs, version: manifest.version },
    load: load.latest,
    onRenewed: () => undefined,
    onFenced: (why) => void fence(why),
  });
  if (!held.ok) return failed(notRegistered(held.error.message));
  const lease = held.value;

  const drain = async () => {
    desk.drain();
    await lease.drain().catch(() => undefined);
    await mailbox.value.stopTaking().catch(() => undefined);
    await desk.idle();
    if (isEnding) return;
    isEnding = true;
    clearInterval(stopTimer);
    load.stop();
    await writer.flushed();
    await runner.close();
    await lease.release().catch(() => undefined);
    await mailbox.value.close().catch(() => undefined);
    await Promise.all([leaseClient.close(), client.close(), pool.end()]);
    rmSync(directory, { recursive: true, force: true });
    onOver('drained');
  };
  let draining: Promise<void> | undefined;
  return ok({
    id,
    running: desk.running,
    drain: () => {
      draining ??= drain();
    },
    stop: () => {
      desk.stopAll();
      draining ??= drain();
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
