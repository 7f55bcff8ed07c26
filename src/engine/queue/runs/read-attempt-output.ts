import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { OutputStream } from '../../ports.ts';
import type { QueueClient } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import { queueAway } from './run-table.ts';

const isOutput = "kind IN ('stdout', 'stderr')";
/** Of at most 64 KiB each. */
const pageSize = 64;

/** The attempts of a run of which there is output, as `run/task/attempt`. Errors: `queue/unreachable`. */
export async function attemptsWithOutput(
  client: QueueClient,
  run: RunId,
): Promise<Result<ReadonlySet<string>, Diagnostic>> {
  const rows = await client.query<{ readonly attempt: string }>(
    `SELECT DISTINCT attempt FROM ${queueSchema}.etl_output WHERE run = $1 AND ${isOutput}`,
    [run],
  );
  return rows.ok ? ok(new Set(rows.value.map(({ attempt }) => attempt))) : failed(queueAway(rows.error));
}

/** Passes on what an attempt has printed so far. Errors: `queue/unreachable`. */
export async function readOutput(
  client: QueueClient,
  attempt: string,
  write: (stream: OutputStream, chunk: Uint8Array) => void,
): Promise<Result<void, Diagnostic>> {
  for (let after = '0'; ; ) {
    const rows = await client.query<{ readonly seq: string; readonly kind: OutputStream; readonly data: Buffer }>(
      `SELECT seq, kind, data FROM ${queueSchema}.etl_output WHERE attempt = $1 AND seq > $2 AND ${isOutput}
       ORDER BY seq LIMIT ${pageSize}`,
      [attempt, after],
    );
    if (!rows.ok) return failed(queueAway(rows.error));
    for (const { seq, kind, data } of rows.value) {
      write(kind, data);
      after = seq;
    }
    if (rows.value.length < pageSize) return ok(undefined);
  }
}
