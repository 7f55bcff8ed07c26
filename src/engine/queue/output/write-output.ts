import type { QueueClient } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import { outputChannel, type RecordKind } from './attempt-record.ts';

/** What comes within it is written together; it is what a line waits at most, where the database keeps up. */
const gatherMs = 40;
const retryMs = 500;
/** Of one record; small pieces of the same stream are joined up to it. */
const maxRecordBytes = 65_536;
const mostEnded = 10_000;
const maxBatchBytes = 4 * 1024 * 1024;
/** Of what waits to be written. */
const pauseBytes = 8 * 1024 * 1024;
const resumeBytes = 4 * 1024 * 1024;

export type OutputWriter = {
  /** Copies `data`. */
  append(attempt: string, kind: RecordKind, data: Uint8Array): void;
  /** Resolves to true when all that was appended so far is stored; to false when it never will be. */
  flushed(): Promise<boolean>;
  /** Forgets what waits to be written. */
  stop(): void;
};

type Row = {
  readonly attempt: string;
  readonly seq: number;
  readonly kind: RecordKind;
  readonly parts: Uint8Array[];
  bytes: number;
};

/**
 * Each batch is one statement, which is refused once the worker is dead: whoever has declared it dead has then seen all that
 * there will ever be. The lock that it takes on the row of the worker makes the two wait for each other.
 */
const insert = `
WITH alive AS (SELECT id FROM ${queueSchema}.etl_worker WHERE id = $1 AND NOT dead FOR SHARE),
written AS (
  INSERT INTO ${queueSchema}.etl_output (run, attempt, seq, worker, kind, data)
  SELECT split_part(one.attempt, '/', 1), one.attempt, one.seq, alive.id, one.kind, substr($6::bytea, one.start, one.length)
  FROM alive, unnest($2::text[], $3::bigint[], $4::text[], $5::int[], $7::int[]) AS one(attempt, seq, kind, start, length)
  ON CONFLICT (attempt, seq) DO NOTHING),
told AS (SELECT pg_notify('${outputChannel}', attempt) FROM alive, unnest($8::text[]) AS attempt)
SELECT (SELECT count(*) FROM told) AS told FROM alive`;

/**
 * Writes what the attempts of a worker tell, whole and in order, as long as its lease lasts; tries again while the database is away.
 * @param onRefused called once, when the worker has been declared dead
 * @param onFull called with true when so much waits that no more should come, and with false when it may come again
 */
export function createOutputWriter(
  client: QueueClient,
  worker: string,
  onRefused: () => void,
  onFull: (isFull: boolean) => void,
): OutputWriter {
  let rows: Row[] = [];
  const nextSeq = new Map<string, number>();
  /** Of attempts whose exit was told; it may have to be told again. */
  const seqAfterExit = new Map<string, number>();
  /** The newest row of each attempt that waits to be written. */
  const newest = new Map<string, Row>();
  let unsent = 0;
  let timer: NodeJS.Timeout | undefined;
  let isWriting = false;
  let isOver = false;
  const waiting: { after: number; resolve: (isStored: boolean) => void }[] = [];
  let appended = 0;
  let stored = 0;

  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    rows = [];
    for (const { resolve } of waiting.splice(0)) resolve(false);
  };

  const schedule = (ms: number) => {
    if (!isOver && !isWriting && rows.length > 0) timer ??= setTimeout(write, ms);
  };

  const write = async (): Promise<void> => {
    timer = undefined;
    isWriting = true;
    let bytes = 0;
    let count = 0;
    while (count < rows.length && (count === 0 || bytes + rows[count]!.bytes <= maxBatchBytes))
      bytes += rows[count++]!.bytes;
    const batch = rows.splice(0, count);
    for (const row of batch) if (newest.get(row.attempt) === row) newest.delete(row.attempt);
    const written = await client.query(insert, parameters(worker, batch));
    isWriting = false;
    if (isOver) return;
    if (!written.ok) {
      rows.unshift(...batch);
      return schedule(retryMs);
    }
    if (written.value.length === 0) {
      stop();
      return onRefused();
    }
    stored += batch.length;
    const before = unsent;
    unsent -= bytes;
    if (before > resumeBytes && unsent <= resumeBytes) onFull(false);
    while (waiting[0] !== undefined && waiting[0].after <= stored) waiting.shift()!.resolve(true);
    schedule(rows.length > 1 ? 0 : gatherMs);
  };

  return {
    append: (attempt, kind, data) => {
      if (isOver) return;
      const isOutput = kind === 'stdout' || kind === 'stderr';
      for (let start = 0; start === 0 || start < data.length; start += maxRecordBytes) {
        const part = Uint8Array.prototype.slice.call(data, start, start + maxRecordBytes);
        unsent += part.length;
        if (unsent > pauseBytes) onFull(true);
        const last = newest.get(attempt);
        if (isOutput && last?.kind === kind && last.bytes + part.length <= maxRecordBytes) {
          last.parts.push(part);
          last.bytes += part.length;
          continue;
        }
        const seq = nextSeq.get(attempt) ?? seqAfterExit.get(attempt) ?? 1;
        nextSeq.set(attempt, seq + 1);
        const row = { attempt, seq, kind, parts: [part], bytes: part.length };
        rows.push(row);
        newest.set(attempt, row);
        appended += 1;
      }
      if (kind === 'exit') {
        seqAfterExit.set(attempt, nextSeq.get(attempt)!);
        if (seqAfterExit.size > mostEnded) seqAfterExit.delete(seqAfterExit.keys().next().value!);
        nextSeq.delete(attempt);
      }
      if (kind === 'exit' && timer !== undefined) {
        clearTimeout(timer);
        timer = undefined;
      }
      schedule(kind === 'exit' ? 0 : gatherMs);
    },
    flushed: () =>
      new Promise((resolve) => {
        if (isOver) return resolve(false);
        if (stored >= appended) return resolve(true);
        waiting.push({ after: appended, resolve });
      }),
    stop,
  };
}

/** The data of all records is one value, because an array of bytes travels as hexadecimal text. */
function parameters(worker: string, batch: readonly Row[]): readonly unknown[] {
  let at = 1;
  const starts = batch.map(({ bytes }) => {
    const start = at;
    at += bytes;
    return start;
  });
  return [
    worker,
    batch.map(({ attempt }) => attempt),
    batch.map(({ seq }) => seq),
    batch.map(({ kind }) => kind),
    starts,
    Buffer.concat(batch.flatMap(({ parts }) => parts)),
    batch.map(({ bytes }) => bytes),
    [...new Set(batch.map(({ attempt }) => attempt))],
  ];
}
