import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import { displayText } from '../../model/text/display-text.ts';
import { sleep } from '../../platform/sleep.ts';
import type { Journal } from '../../ports.ts';
import type { QueueClient } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import type { Driver } from './driver.ts';

/** Told when there are new events; the payload is the run. */
export const eventChannel = 'etl_event';

/** A pipeline that a run is carried out with, see `RunContinued.plan`. */
export type QueuedPlan = {
  readonly number: number;
  readonly hash: string;
  readonly text: string;
  readonly stored: string;
};

export type QueueJournalOptions = {
  readonly client: QueueClient;
  readonly run: RunId;
  readonly driver: Driver;
  /** The number of the first event that will be appended; 0 for a new run. */
  readonly next: number;
  /** Stored together with the first events. */
  readonly plan: QueuedPlan;
  /** Has what is stored in the queue as well, on this machine. */
  readonly copy: Journal;
  /** As for the copy, so that both have the same. */
  readonly shorten: (event: RunEvent) => RunEvent;
  /** Called once, when another orchestrator drives the run. */
  readonly onFenced: () => void;
  /** Called once, when the copy cannot be written any more; the run goes on without it. */
  readonly onCopyFailed: (error: Error) => void;
  /** Called once in each time in which the database does not answer, with its reason. */
  readonly onAway: (message: string) => void;
  /** For how long a database that does not answer is waited for. */
  readonly patienceMs?: number;
};

const defaultPatienceMs = 10 * 60_000;
const retryMs = 500;
/** What nobody waits for is written together after this time. */
const gatherMs = 200;
const maxBatch = 500;
/** What the database says of its own state, and not of the statement: it is full, busy or being stopped. */
const mayPass = /^(?:25|40|53|55|57|58)/;

/**
 * Only the driver may write, and only behind what is there: the row of the run is locked meanwhile, so that another orchestrator
 * that takes it waits for the statement, and the next one of this driver finds that it has been taken.
 */
const insert = `
WITH mine AS (SELECT run FROM ${queueSchema}.etl_run WHERE run = $1 AND driver = $2 FOR SHARE),
plan AS (
  INSERT INTO ${queueSchema}.etl_plan (run, number, hash, text, stored)
  SELECT run, $5::integer, $6::text, $7::text, $8::text FROM mine WHERE $5 IS NOT NULL ON CONFLICT DO NOTHING),
written AS (
  INSERT INTO ${queueSchema}.etl_event (run, seq, event)
  SELECT mine.run, $3::bigint + one.place - 1, one.event::json
  FROM mine, unnest($4::text[]) WITH ORDINALITY AS one(event, place)),
told AS (SELECT pg_notify('${eventChannel}', run) FROM mine)
SELECT count(*) AS told FROM told HAVING count(*) > 0`;

type NotStored = { readonly away: string } | { readonly refused: string };
type Waiter = { readonly after: number; readonly resolve: () => void; readonly reject: (error: Error) => void };

/**
 * The journal of a run in the database that hosts share, and a copy of it in a file.
 *
 * 1. Events wait in memory while a statement is under way; the next one takes all of them.
 * 2. While the database is away, they wait. Whether a statement was carried out whose answer was lost is looked up.
 * 3. When another orchestrator drives the run, nothing is written any more, and every append is rejected.
 */
export class QueueJournal implements Journal {
  readonly #options: QueueJournalOptions;
  #waiting: RunEvent[] = [];
  #waiters: Waiter[] = [];
  /** Numbers of events: the next one to be stored, and the next one to be taken. */
  #stored: number;
  #taken: number;
  #isPlanStored = false;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  #fenced = false;
  #copyFailed = false;

  constructor(options: QueueJournalOptions) {
    this.#options = options;
    this.#stored = options.next;
    this.#taken = options.next;
  }

  append(events: readonly RunEvent[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#take(events);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ after: this.#taken, resolve, reject });
      this.#write();
    });
  }

  record(events: readonly RunEvent[]): void {
    if (this.#failure !== undefined) return;
    this.#take(events);
    this.#timer ??= setTimeout(() => this.#write(), gatherMs);
  }

  /** How many events of the run are in the queue, as far as this driver has written them. */
  stored(): number {
    return this.#stored;
  }

  isFenced(): boolean {
    return this.#fenced;
  }

  /** Another orchestrator was seen to drive the run. */
  fence(): void {
    if (this.#fenced) return;
    this.#fenced = true;
    this.#fail(new Error(`another orchestrator drives run ${this.#options.run}`));
    this.#options.onFenced();
  }

  async close(): Promise<void> {
    this.#write();
    await this.#writing;
    clearTimeout(this.#timer);
    this.#failure ??= new Error('the journal is closed');
    await this.#options.copy.close();
  }

  #take(events: readonly RunEvent[]): void {
    this.#waiting.push(...events.map(this.#options.shorten));
    this.#taken += events.length;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    // Appends of the same moment share a statement.
    await Promise.resolve();
    let since: number | undefined;
    while (this.#failure === undefined && (this.#waiting.length > 0 || this.#waiters.length > 0)) {
      const batch = this.#waiting.slice(0, maxBatch);
      const outcome = batch.length === 0 ? 'stored' : await this.#store(batch);
      if (outcome === 'fenced') this.fence();
      else if (outcome === 'stored') {
        since = undefined;
        this.#onStored(batch);
      } else if ('refused' in outcome) this.#fail(failure(`the queue refuses the journal: ${outcome.refused}`));
      else {
        if (since === undefined) this.#options.onAway(outcome.away);
        since ??= performance.now();
        await this.#waitForDatabase(performance.now() - since, outcome.away);
      }
    }
    this.#writing = undefined;
  }

  #onStored(batch: readonly RunEvent[]): void {
    this.#waiting.splice(0, batch.length);
    this.#stored += batch.length;
    // The queue has it: whether and when the copy reaches the disk is not waited for.
    if (batch.length > 0 && !this.#copyFailed) this.#copy(batch);
    while (this.#waiters[0] !== undefined && this.#waiters[0].after <= this.#stored) this.#waiters.shift()!.resolve();
  }

  #copy(batch: readonly RunEvent[]): void {
    this.#options.copy.append(batch).catch((error: Error) => {
      if (this.#copyFailed) return;
      this.#copyFailed = true;
      this.#options.onCopyFailed(error);
    });
  }

  async #waitForDatabase(waitedMs: number, message: string): Promise<void> {
    const { patienceMs = defaultPatienceMs } = this.#options;
    if (waitedMs > patienceMs) this.#fail(failure(`the queue does not answer: ${message}`));
    else await sleep(retryMs);
  }

  async #store(batch: readonly RunEvent[]): Promise<'stored' | 'fenced' | NotStored> {
    const { client, run, driver, plan } = this.#options;
    const texts = batch.map((event) => JSON.stringify(event));
    const ofPlan = this.#isPlanStored ? [null, null, null, null] : [plan.number, plan.hash, plan.text, plan.stored];
    const written = await client.query(insert, [run, driver, this.#stored, texts, ...ofPlan]);
    if (written.ok) {
      if (written.value.length === 0) return 'fenced';
      this.#isPlanStored = true;
      return 'stored';
    }
    const { error } = written;
    if (error.kind === 'away') return { away: error.message };
    if (error.code === '23505') return this.#isOurs(texts);
    const message = `${error.message} (${error.code})`;
    return mayPass.test(error.code) ? { away: message } : { refused: message };
  }

  /** Events with these numbers are there: written by this driver when an answer was lost, or by another one. */
  async #isOurs(texts: readonly string[]): Promise<'stored' | 'fenced' | NotStored> {
    const { client, run } = this.#options;
    const there = await client.query<{ readonly event: string }>(
      `SELECT event::text AS event FROM ${queueSchema}.etl_event WHERE run = $1 AND seq >= $2 ORDER BY seq`,
      [run, this.#stored],
    );
    if (!there.ok) return { away: there.error.message };
    const isSame = there.value.length === texts.length && there.value.every(({ event }, at) => event === texts[at]);
    this.#isPlanStored ||= isSame;
    return isSame ? 'stored' : 'fenced';
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiters.splice(0)) reject(this.#failure);
    this.#waiting = [];
  }
}

/** It is no error of a file. */
function failure(message: string): Error {
  const diagnostic: Diagnostic = {
    code: 'queue/unreachable',
    severity: 'error',
    message: `The journal is lost: ${displayText(message)}`,
    hint: 'see whether its database runs, then resume the run',
  };
  return Object.assign(new Error(message), { diagnostic });
}
