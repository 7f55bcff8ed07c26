import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { QueueClient } from '../queue/queue-client.ts';
import { queueSchema } from '../queue/queue-schema.ts';
import { workDirectory } from '../queue/wire/decode-attempt.ts';

const lookEveryMs = 60_000;

export type WorkRemover = {
  /** Never rejects. */
  look(): Promise<void>;
  stop(): void;
};

type Row = { readonly run: string; readonly has_succeeded: boolean };

const select = `
SELECT r.run, coalesce(last.event ->> 'type' = 'run.finished' AND last.event ->> 'status' = 'success', false) AS has_succeeded
FROM ${queueSchema}.etl_run r LEFT JOIN LATERAL (
  SELECT event FROM ${queueSchema}.etl_event e WHERE e.run = r.run ORDER BY seq DESC LIMIT 1) AS last ON true
WHERE r.run = ANY($1)`;

/**
 * Removes what tasks of runs have left for each other on this host: of runs that have succeeded, and of those that were pruned from the
 * queue. A run that was never in this queue is another's.
 */
export function removeWork(client: QueueClient, root: string, onWarning: (warning: Diagnostic) => void): WorkRemover {
  const directory = workDirectory(root);
  const known = new Set<string>();
  const told = new Set<string>();
  const remove = async (run: string) => {
    const path = join(directory, run);
    try {
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      if (!told.has(run)) onWarning(notRemoved(path, error as Error));
      told.add(run);
    }
  };
  const look = async () => {
    const there = await readdir(directory).catch(() => []);
    if (there.length === 0) return;
    const rows = await client.query<Row>(select, [there]);
    if (!rows.ok) return;
    const found = new Map(rows.value.map(({ run, has_succeeded }) => [run, has_succeeded]));
    for (const run of found.keys()) known.add(run);
    for (const run of there) if (known.has(run) && found.get(run) !== false) await remove(run);
  };
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return { look, stop: () => clearInterval(timer) };
}

function notRemoved(path: string, { message }: Error): Diagnostic {
  return {
    code: 'run/cannot-delete',
    severity: 'warning',
    message: `${path}, which no run needs any more, could not be removed: ${message}`,
    hint: 'remove it by hand',
  };
}
