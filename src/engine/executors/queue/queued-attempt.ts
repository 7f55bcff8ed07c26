import { type EpochMs, formatAttemptRef, type HostId } from '../../model/ids.ts';
import type { Exit, TaskReport } from '../../model/run/task-state.ts';
import { unreachable } from '../../model/unreachable.ts';
import { sleep } from '../../platform/sleep.ts';
import { type AttemptObserver, anyHost, type RunningAttempt, type StartRequest } from '../../ports.ts';
import type { AttemptQueue, FoundAttempt } from '../../queue/dbos/attempt-queue.ts';
import { type AttemptRecord, stopChannel } from '../../queue/output/attempt-record.ts';
import type { OutputReader } from '../../queue/output/read-output.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import { queueSchema } from '../../queue/queue-schema.ts';
import { encodeAttempt, type WireSource } from '../../queue/wire/encode-attempt.ts';
import type { WireAttempt } from '../../queue/wire/wire-form.ts';

export type QueueParts = {
  readonly client: QueueClient;
  readonly queue: AttemptQueue<WireAttempt>;
  readonly reader: OutputReader;
  /** Looks for the workers that live. */
  readonly look: () => Promise<void>;
  readonly isAlive: (host: HostId) => boolean;
  /** The first that accepts attempts. */
  readonly anyHost: () => HostId | undefined;
  readonly source: () => WireSource;
  /** Whether attempts are left to another orchestrator. */
  readonly isLeft: () => boolean;
};

/** An attempt that is to be started, or one that somebody else has started. */
export type AttemptOrigin =
  | { readonly request: StartRequest; readonly on: HostId }
  | { readonly key: string; readonly killGraceMs: number; readonly on: HostId };

const retryMs = 500;

/**
 * One attempt on a worker, as its orchestrator sees it:
 *
 * 1. It is put into the mailbox of its worker, unless it is there already; when its worker is dead, nothing is put there.
 * 2. What the worker tells of it is passed on, from the beginning; `exit` is the last of it.
 * 3. When its worker is dead before that: its result is refused from now on, what there is left of it is read, and it is lost.
 * 4. When the queue knows nothing of it before it has begun, because a failover of the database has lost it, it is put there again.
 *
 * To end it, the worker is asked; it answers by the exit, also when it has not begun.
 */
export class QueuedAttempt implements RunningAttempt {
  readonly #parts: QueueParts;
  readonly #origin: AttemptOrigin;
  readonly #key: string;
  readonly #observer: AttemptObserver;
  #host: HostId;
  /** Whether it may lie in a mailbox: it was put there, or an answer was lost. */
  #isQueued = false;
  #hasBegun = false;
  #isOnItsWay = false;
  #isBurying = false;
  #exit: Exit | undefined;
  #graceMs: number | undefined;
  #onOver: () => void = () => undefined;
  readonly #over = new Promise<void>((resolve) => {
    this.#onOver = resolve;
  });

  constructor(parts: QueueParts, origin: AttemptOrigin, observer: AttemptObserver) {
    this.#parts = parts;
    this.#origin = origin;
    this.#observer = observer;
    this.#key = 'key' in origin ? origin.key : formatAttemptRef(origin.request.ref);
    this.#host = origin.on;
    void this.#queue();
  }

  terminate(graceMs: number): void {
    if (this.#exit !== undefined || (this.#graceMs !== undefined && graceMs >= this.#graceMs)) return;
    this.#graceMs = graceMs;
    if (this.#isQueued) void this.#askToEnd();
    else if (!this.#isOnItsWay && this.#host === anyHost) this.#finish({ kind: 'signalled', signal: 'SIGTERM' });
  }

  hasBegun(): boolean {
    return this.#hasBegun;
  }

  hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  /** Ends it in its own grace; resolves when it is over. */
  async end(): Promise<void> {
    this.terminate('key' in this.#origin ? this.#origin.killGraceMs : this.#origin.request.killGraceMs);
    await this.#over;
  }

  /** Is told which workers live, after each look. */
  onHosts(alive: ReadonlySet<HostId>): void {
    if (this.#isQueued && !alive.has(this.#host)) void this.#bury();
  }

  /** Whether the queue has said that it has it. */
  isQueued(): boolean {
    return this.#isQueued && this.#exit === undefined;
  }

  /** Is told what the queue knows of it, from time to time, of what it had before the question. */
  onFound(found: FoundAttempt | undefined): void {
    if (!this.isQueued()) return;
    if (found?.stage === 'over') void this.#missExit();
    else if (found === undefined && !this.#hasBegun) {
      this.#isQueued = false;
      void this.#queue();
    }
  }

  async #queue(): Promise<void> {
    const { queue, reader, look, isAlive, source } = this.#parts;
    let wire: WireAttempt | undefined;
    if ('request' in this.#origin) {
      const encoded = encodeAttempt(this.#origin.request, source());
      if (!encoded.ok) return this.#finish(encoded.error);
      wire = encoded.value;
    }
    await this.#untilDone(async () => {
      if (this.#host === anyHost) this.#host = this.#parts.anyHost() ?? anyHost;
      if (this.#host === anyHost) throw new Error('no host yet');
      if (!isAlive(this.#host)) await look();
      this.#isOnItsWay = true;
      if (wire !== undefined && isAlive(this.#host)) return queue.enqueue(this.#key, this.#host, wire);
      const [found] = await queue.find([this.#key]);
      if (found !== undefined) this.#host = found.host ?? this.#host;
      else this.#finish({ kind: 'lost', why: 'host-gone', message: this.#whyNotFound() });
    });
    if (this.#exit !== undefined || this.#parts.isLeft()) return;
    this.#isQueued = true;
    reader.watch(this.#key, (record) => this.#onRecord(record));
    if (this.#graceMs !== undefined) void this.#askToEnd();
    if (!isAlive(this.#host)) void this.#bury();
  }

  #whyNotFound(): string {
    const isThere = this.#parts.isAlive(this.#host);
    return isThere ? 'the queue has lost it' : `there is no worker "${this.#host}"`;
  }

  /** Its exit is told before it is over, unless another orchestrator has cancelled it. */
  async #missExit(): Promise<void> {
    await this.#parts.reader.caughtUp(this.#key);
    if (this.#parts.isLeft() || this.#isBurying) return;
    this.#finish({ kind: 'lost', why: 'host-gone', message: 'it was taken out of the queue' });
  }

  async #askToEnd(): Promise<void> {
    const graceMs = this.#graceMs;
    await this.#untilDone(async () => {
      if (this.#exit !== undefined || graceMs !== this.#graceMs) return;
      const asked = await this.#parts.client.query(askToEnd, [this.#key, this.#host, graceMs]);
      if (!asked.ok) throw new Error(asked.error.message);
    });
  }

  /** Its worker is dead, so that nothing of it runs any more, and nothing is added to what was told of it. */
  async #bury(): Promise<void> {
    if (this.#isBurying) return;
    this.#isBurying = true;
    const { queue, reader } = this.#parts;
    await this.#untilDone(() => queue.cancel([this.#key]));
    await reader.caughtUp(this.#key);
    if (this.#parts.isLeft()) return;
    const message = `the lease of worker "${this.#host}" has ended, and with it the attempt`;
    this.#finish({ kind: 'lost', why: 'lease-expired', message });
  }

  #onRecord({ kind, data, at }: AttemptRecord): void {
    const observer = this.#observer;
    switch (kind) {
      case 'spawned':
        this.#hasBegun = true;
        observer.spawned({ host: this.#host, pid: Number(textOf(data)) });
        return;
      case 'stdout':
      case 'stderr':
        observer.output(kind, data);
        return;
      case 'report':
        observer.reported(JSON.parse(textOf(data)) as TaskReport);
        return;
      case 'exit':
        this.#finish(JSON.parse(textOf(data)) as Exit, at);
        return;
      default:
        unreachable(kind);
    }
  }

  #finish(exit: Exit, at?: EpochMs): void {
    if (this.#exit !== undefined) return;
    this.#exit = exit;
    this.#parts.reader.unwatch(this.#key);
    this.#observer.exited(exit, at);
    this.#onOver();
  }

  /** As often as it takes while the database is away; not any more when the attempt is over. */
  async #untilDone(work: () => Promise<unknown>): Promise<void> {
    while (this.#exit === undefined && !this.#parts.isLeft()) {
      try {
        await work();
        return;
      } catch {
        await sleep(retryMs);
      }
    }
  }
}

const askToEnd = `
WITH asked AS (
  INSERT INTO ${queueSchema}.etl_stop AS stop (attempt, worker, grace_ms) VALUES ($1, $2, $3)
  ON CONFLICT (attempt) DO UPDATE SET grace_ms = least(stop.grace_ms, excluded.grace_ms) RETURNING worker)
SELECT pg_notify('${stopChannel}', worker) FROM asked`;

function textOf(data: Uint8Array): string {
  return Buffer.from(data).toString('utf8');
}
