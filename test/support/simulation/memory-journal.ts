import type { RunEvent } from '../../../src/engine/model/run/run-event.ts';
import type { Journal } from '../../../src/engine/ports.ts';
import { decodeRecord, encodeRecord } from '../../../src/engine/storage/journal/journal-record.ts';

/** The file of a journal, which outlives those who write it; its lines are those of a real one, without the header. */
export type JournalFile = {
  /** Everything that was written, also what is not durable yet. */
  text(): string;
  /** Decodes what is there; throws when a line is not what was written. */
  read(): readonly RunEvent[];
  open(writing: Writing): Journal;
  /** Its writer dies: some of what is not durable stays. A torn record is cut off when the file is opened again. */
  crash(keeps: number, torn: boolean): void;
  /** How many events a crash would lose at most. */
  atRisk(): number;
};

type Writing = {
  /** Calls `done` when a commit has reached the disk; never when the writer is dead. */
  readonly sync: (done: () => void) => void;
  /** Which commit fails, from 1; 0 for none. */
  readonly failing: number;
};

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void };

/** @param onDurable called with events that no crash can take back any more, in their order */
export function createJournalFile(onDurable: (events: readonly RunEvent[]) => void): JournalFile {
  let lines: string[] = [];
  let events: RunEvent[] = [];
  /** What was read before: lines do not change. */
  let decoded: RunEvent[] = [];
  let durable = 0;
  let tail = '';

  const write = (facts: readonly RunEvent[]) => {
    for (const fact of facts) {
      lines.push(encodeRecord(lines.length, fact));
      events.push(fact);
    }
  };
  const cutTo = (count: number) => {
    lines = lines.slice(0, count);
    events = events.slice(0, count);
    decoded = decoded.slice(0, count);
  };
  const makeDurable = (count: number) => {
    const facts = events.slice(durable, count);
    durable = count;
    onDurable(facts);
  };

  return {
    text: () => lines.join('') + tail,
    read: () => {
      for (let seq = decoded.length; seq < lines.length; seq += 1) {
        const body = decodeRecord(seq, Buffer.from(lines[seq]!.slice(0, -1)));
        if (body === undefined) throw new Error(`line ${seq} of the journal is damaged: ${lines[seq]}`);
        decoded.push(body as RunEvent);
      }
      return [...decoded];
    },
    crash: (keeps, torn) => {
      const kept = durable + Math.floor(((lines.length - durable) * keeps) / 100);
      const next = lines[kept];
      cutTo(kept);
      makeDurable(kept);
      tail = torn && next !== undefined ? next.slice(0, next.length / 2) : '';
    },
    atRisk: () => lines.length - durable,
    open: ({ sync, failing }) => {
      let queued: RunEvent[] = [];
      let waiters: Waiter[] = [];
      let commits = 0;
      let isCommitting = false;
      let failure: Error | undefined;
      tail = '';

      const writeQueued = () => {
        write(queued);
        queued = [];
      };
      const commit = () => {
        const taken = waiters;
        waiters = [];
        commits += 1;
        const fails = commits === failing;
        writeQueued();
        const written = lines.length;
        sync(() => {
          if (fails) return fail(taken);
          makeDurable(written);
          for (const { resolve } of taken) resolve();
          if (waiters.length > 0) return commit();
          isCommitting = false;
          writeQueued();
        });
      };
      const fail = (taken: readonly Waiter[]) => {
        failure = new Error('no space left on the disk');
        cutTo(durable);
        for (const { reject } of [...taken, ...waiters]) reject(failure);
        [waiters, queued] = [[], []];
      };
      return {
        append: (facts) => {
          if (failure !== undefined) return Promise.reject(failure);
          queued.push(...facts);
          return new Promise((resolve, reject) => {
            waiters.push({ resolve, reject });
            if (isCommitting) return;
            isCommitting = true;
            commit();
          });
        },
        record: (facts) => {
          if (failure !== undefined) return;
          queued.push(...facts);
          if (!isCommitting) writeQueued();
        },
        close: async () => {},
      };
    },
  };
}
