import type { EpochMs } from '../../model/ids.ts';
import { sleep } from '../../platform/sleep.ts';
import type { QueueClient } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import { type AttemptRecord, outputChannel, type RecordKind } from './attempt-record.ts';

/** How often it looks without being told to, because what tells may be lost. */
const lookEveryMs = 2_000;
const retryMs = 500;
/** Of at most 64 KiB each. */
const maxRecords = 128;

export type OutputReader = {
  /** Calls back for each record of the attempt, from its first, in order; until `unwatch`. */
  watch(attempt: string, onRecord: (record: AttemptRecord) => void): void;
  unwatch(attempt: string): void;
  /** Resolves when all has been read that was stored of the attempt at this moment, or when it is watched no more. */
  caughtUp(attempt: string): Promise<void>;
  close(): void;
};

type Watched = { seq: number; readonly onRecord: (record: AttemptRecord) => void; readonly caughtUp: (() => void)[] };
type Row = {
  readonly attempt: string;
  readonly seq: string;
  readonly kind: RecordKind;
  readonly data: Buffer;
  /** In ms since it was stored, by the clock of the database; of an exit only. */
  readonly age: number | null;
};

const select = `
SELECT o.attempt, o.seq, o.kind, o.data,
  CASE WHEN o.kind = 'exit' THEN extract(epoch FROM clock_timestamp() - o.at)::float8 * 1000 END AS age
FROM unnest($1::text[], $2::bigint[]) AS one(attempt, seq), LATERAL (
  SELECT * FROM ${queueSchema}.etl_output o WHERE o.attempt = one.attempt AND o.seq > one.seq ORDER BY o.seq LIMIT ${maxRecords}) o
ORDER BY o.attempt, o.seq LIMIT ${maxRecords}`;

/** Follows what workers tell of attempts. */
export function openOutputReader(client: QueueClient): OutputReader {
  const watched = new Map<string, Watched>();
  const dirty = new Set<string>();
  let isReading = false;
  let isClosed = false;

  const touch = (attempt: string) => {
    if (!watched.has(attempt)) return;
    dirty.add(attempt);
    void read();
  };
  const touchAll = () => {
    for (const attempt of watched.keys()) dirty.add(attempt);
    void read();
  };

  const read = async (): Promise<void> => {
    if (isReading || isClosed) return;
    isReading = true;
    while (dirty.size > 0 && !isClosed) {
      const asked = [...dirty].filter((attempt) => watched.has(attempt));
      dirty.clear();
      if (asked.length === 0) break;
      const those = asked.map((attempt) => watched.get(attempt)!);
      const callers = those.map(({ caughtUp }) => caughtUp.splice(0));
      const rows = await client.query<Row>(select, [asked, those.map(({ seq }) => seq)]);
      if (rows.ok) deliver(rows.value);
      if (rows.ok && rows.value.length < maxRecords) {
        for (const resolve of callers.flat()) resolve();
        continue;
      }
      // There may be more of any of them.
      for (const [index, attempt] of asked.entries()) {
        dirty.add(attempt);
        those[index]!.caughtUp.push(...callers[index]!);
        if (isClosed || watched.get(attempt) !== those[index]) settle(those[index]!);
      }
      if (!rows.ok) await sleep(retryMs);
    }
    isReading = false;
  };

  const settle = ({ caughtUp }: Watched) => {
    for (const resolve of caughtUp.splice(0)) resolve();
  };

  const deliver = (rows: readonly Row[]) => {
    for (const { attempt, seq, kind, data, age } of rows) {
      const one = watched.get(attempt);
      if (one === undefined || Number(seq) <= one.seq) continue;
      one.seq = Number(seq);
      one.onRecord({ kind, data, ...(age === null ? {} : { at: Math.round(Date.now() - age) as EpochMs }) });
    }
  };

  const unlisten = client.listen(outputChannel, (attempt) => (attempt === undefined ? touchAll() : touch(attempt)));
  const timer = setInterval(touchAll, lookEveryMs);
  timer.unref();
  return {
    watch: (attempt, onRecord) => {
      watched.set(attempt, { seq: 0, onRecord, caughtUp: [] });
      touch(attempt);
    },
    unwatch: (attempt) => {
      const one = watched.get(attempt);
      watched.delete(attempt);
      if (one !== undefined) settle(one);
    },
    caughtUp: (attempt) =>
      new Promise((resolve) => {
        const one = watched.get(attempt);
        if (one === undefined) return resolve();
        one.caughtUp.push(resolve);
        touch(attempt);
      }),
    close: () => {
      isClosed = true;
      clearInterval(timer);
      unlisten();
      for (const one of watched.values()) settle(one);
    },
  };
}
