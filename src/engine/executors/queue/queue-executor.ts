import type { Diagnostic } from '../../model/diagnostic.ts';
import type { HostId, RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { Exit } from '../../model/run/task-state.ts';
import { displayText } from '../../model/text/display-text.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import { sleep } from '../../platform/sleep.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { anyHost, type Executor, type Host } from '../../ports.ts';
import { openAttemptQueue } from '../../queue/dbos/attempt-queue.ts';
import { findUnencrypted } from '../../queue/find-unencrypted.ts';
import { openQueueClient, openQueuePool, poolDeadlineMs } from '../../queue/open-queue-client.ts';
import { openOutputReader } from '../../queue/output/read-output.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import type { WireSource } from '../../queue/wire/encode-attempt.ts';
import { refOf, type WireAttempt } from '../../queue/wire/wire-form.ts';
import { followWorkers } from '../../queue/workers/follow-workers.ts';
import { createAttemptBook } from '../process/attempt-book.ts';
import { createHostList } from '../process/host-list.ts';
import { QueuedAttempt } from './queued-attempt.ts';

export type QueueExecutorOptions = {
  readonly address: QueueClient['address'];
  readonly run: RunId;
  /** What an attempt must not carry with it, at this moment. */
  readonly source: () => WireSource;
  readonly onWarning?: (warning: Diagnostic) => void;
  /** How long it is waited for a database that does not tell what an earlier orchestrator has left; 30 s without it. */
  readonly patienceMs?: number;
};

/**
 * Runs attempts on workers, which take them from their mailboxes in PostgreSQL. Its hosts are the workers that live.
 * Attempts outlive this program, unless it is closed. Errors: those of `openQueueClient`, and `queue/not-installed`.
 */
export async function openQueueExecutor({
  address,
  run,
  source,
  onWarning,
  patienceMs = 30_000,
}: QueueExecutorOptions): Promise<Result<Executor, Diagnostic>> {
  const applicationName = `etl-tui:queue:${run}`;
  const connected = await openQueueClient(address, { applicationName });
  if (!connected.ok) return connected;
  const client = connected.value;
  const unencrypted = findUnencrypted(client.address);
  if (unencrypted !== undefined) onWarning?.(unencrypted);
  const pool = openQueuePool(client.address, applicationName, 2, poolDeadlineMs);
  const opened = await openAttemptQueue<WireAttempt>(pool);
  if (!opened.ok) {
    await client.close();
    await pool.end();
    return opened;
  }
  const queue = opened.value;
  const attempts = createAttemptBook<QueuedAttempt>();
  const { hosts, onHostsChanged, replace } = createHostList([]);
  let isClosing = false;
  let isLeft = false;
  let closing: Promise<void> | undefined;

  const show = (living: readonly Host[]) => {
    const next = isClosing ? living.map((host) => ({ ...host, accepting: false })) : living;
    replace(next, JSON.stringify(hosts().map(comparable)) !== JSON.stringify(next.map(comparable)));
  };

  const reader = openOutputReader(client);
  const workers = await followWorkers(
    client,
    (living) => {
      const alive = new Set<HostId>(living.map(({ id }) => id));
      for (const attempt of attempts.running.values()) attempt.onHosts(alive);
      show(living);
    },
    (host) => void queue.removeMailbox(host).catch(() => undefined),
  );

  const parts = {
    client,
    queue,
    reader,
    look: workers.look,
    isAlive: (host: HostId) => workers.hosts().some(({ id }) => id === host),
    anyHost: () => workers.hosts().find(({ accepting }) => accepting)?.id,
    source,
    isLeft: () => isLeft,
  };

  let isLooking = false;
  const looking = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    const queued = [...attempts.running].filter(([, attempt]) => attempt.isQueued());
    const found = await queue.find(queued.map(([key]) => key)).catch(() => undefined);
    isLooking = false;
    if (found === undefined) return;
    const byKey = new Map(found.map((one) => [one.key, one]));
    for (const [key, attempt] of queued) attempt.onFound(byKey.get(key));
  }, lookEveryMs);

  const close = async (leavesRunning: boolean) => {
    isClosing = true;
    isLeft = leavesRunning;
    show(workers.hosts());
    if (!leavesRunning) await Promise.all([...attempts.running.values()].map((attempt) => attempt.end()));
    clearInterval(looking);
    workers.close();
    reader.close();
    await queue.close().catch(() => undefined);
    await Promise.all([client.close(), pool.end()]);
  };

  return ok({
    runs: 'elsewhere',
    hosts,
    onHostsChanged,
    start: (request, on, observer) =>
      attempts.start(request.ref, observer, (watched) => {
        if (!isClosing) return new QueuedAttempt(parts, { request, on }, watched);
        watched.exited({ kind: 'signalled', signal: 'SIGTERM' });
        return undefined;
      }),
    adopt: async (former, observerOf, goesOn = () => false) => {
      const found = await untilFound(() => queue.unfinished(former), patienceMs);
      if (!found.ok) return failed(cannotTell(former, found.error));
      const left = found.value.filter(({ key }) => !attempts.isKnown(key) && !goesOn(refOf(key)));
      const ended = left.map(async ({ key, host, spec }) => {
        const ref = refOf(key);
        const { exited: tell, ...observer } = observerOf(ref);
        const origin = { key, killGraceMs: spec.killGraceMs, on: host ?? anyHost };
        attempts.start(
          ref,
          { ...observer, exited: () => tell(stopped) },
          (watched) => new QueuedAttempt(parts, origin, watched),
        );
        await attempts.running.get(key)?.end();
      });
      const withinMs = patienceMs + longest(left.map(({ spec }) => spec.killGraceMs)) + longest(hosts().map(leaseOf));
      const isLate = await withDeadline(Promise.all(ended), withinMs, () => true);
      if (isLate === true) return failed(cannotTell(former, `they did not end within ${formatLimit(withinMs)}`));
      return ok(left.map(({ key }) => refOf(key)));
    },
    close: (leavesRunning = false) => {
      closing ??= close(leavesRunning);
      return closing;
    },
  });
}

const stopped: Exit = { kind: 'lost', why: 'runner-gone', message: 'its etl-tui process has ended; it was stopped' };

/** Tries until the database responds. The error says why it did not. */
async function untilFound<T>(ask: () => Promise<T>, withinMs: number): Promise<Result<T, string>> {
  for (const begun = performance.now(); ; await sleep(retryMs)) {
    try {
      return ok(await ask());
    } catch (error) {
      if (performance.now() - begun > withinMs) return failed((error as Error).message);
    }
  }
}

const retryMs = 500;
/** Whether the queue still has what it has said it has. */
const lookEveryMs = 5_000;

function cannotTell(run: RunId, why: string): Diagnostic {
  return {
    code: 'queue/unreachable',
    severity: 'error',
    message: `Nobody knows whether attempts of run ${run} still run, and they have to end first: ${displayText(why)}`,
    hint: 'see whether the database of the queue runs and its workers reach it, then call this again',
  };
}

function longest(times: readonly number[]): number {
  return Math.max(0, ...times);
}

function leaseOf({ leaseMs = 0 }: Host): number {
  return leaseMs;
}

/** Without what changes with every look. */
function comparable({ seenAt: _, labels, ...host }: Host): unknown {
  return { ...host, labels: [...labels] };
}
