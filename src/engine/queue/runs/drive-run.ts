import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import type { Result } from '../../model/result.ts';
import type { Journal } from '../../ports.ts';
import type { QueueClient } from '../queue-client.ts';
import { type Driver, newDriver } from './driver.ts';
import { QueueJournal, type QueueJournalOptions } from './queue-journal.ts';
import { countEvents } from './read-queued-run.ts';
import { driverLeaseMs, leaveRun, renewRun, takeRun } from './run-table.ts';

/** A run that this process drives, or wants to. */
export type RunDrive = {
  /** See `takeRun`. From then on the lease is renewed, until another one has the run or it is left. */
  take(run: RunId, pipeline: string): Promise<Result<{ readonly deadRun?: RunId }, Diagnostic>>;
  /** The journal of the run that was taken. */
  openJournal(options: Omit<QueueJournalOptions, 'client' | 'run' | 'driver' | 'onFenced'>): Journal;
  /** How many events of the run that was taken there are. Errors: `queue/unreachable`. */
  countEvents(): Promise<Result<number, Diagnostic>>;
  /** How many events of the run were stored, when this process wrote the last of them. */
  stored(): number;
  /** Resolves once another orchestrator has taken the run. */
  readonly fenced: Promise<void>;
  /** Gives the run free. Never rejects. */
  leave(): Promise<void>;
};

/** @param leaseMs how long it counts as driven when nothing is heard of this process */
export function createRunDrive(client: QueueClient, leaseMs = driverLeaseMs): RunDrive {
  const driver: Driver = newDriver();
  let held: RunId | undefined;
  let journal: QueueJournal | undefined;
  let timer: NodeJS.Timeout | undefined;
  let onFenced: () => void;
  const fenced = new Promise<void>((resolve) => {
    onFenced = resolve;
  });
  const stop = () => {
    clearInterval(timer);
    held = undefined;
  };
  const lose = () => {
    stop();
    journal?.fence();
    onFenced();
  };
  let isRenewing = false;
  const renew = async (run: RunId) => {
    if (isRenewing) return;
    isRenewing = true;
    const isOurs = await renewRun(client, run, driver);
    isRenewing = false;
    if (isOurs === false && held === run) lose();
  };
  return {
    fenced,
    take: async (run, pipeline) => {
      const taken = await takeRun(client, { run, pipeline }, driver, leaseMs);
      if (!taken.ok) return taken;
      held = run;
      timer = setInterval(() => void renew(run), leaseMs / 5).unref();
      return taken;
    },
    openJournal: (options) => {
      if (held === undefined) throw new Error('the journal of a run that was not taken');
      journal = new QueueJournal({ ...options, client, run: held, driver, onFenced: lose });
      return journal;
    },
    countEvents: () => countEvents(client, held!),
    stored: () => journal?.stored() ?? 0,
    leave: async () => {
      const run = held;
      stop();
      if (run !== undefined) await leaveRun(client, run, driver);
    },
  };
}
