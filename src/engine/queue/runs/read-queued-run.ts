import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { QueueClient } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import type { QueuedPlan } from './queue-journal.ts';
import { queueAway } from './run-table.ts';

/** An event as it is stored; what it says is not known yet. */
export type QueuedEvent = { readonly seq: number; readonly event: Readonly<Record<string, unknown>> };

const pageSize = 5_000;

/** The events of a run from number `from` on, in order. Errors: `queue/unreachable`. */
export async function readEvents(
  client: QueueClient,
  run: RunId,
  from = 0,
): Promise<Result<readonly QueuedEvent[], Diagnostic>> {
  const events: QueuedEvent[] = [];
  for (;;) {
    const next = events.length === 0 ? from : events.at(-1)!.seq + 1;
    const page = await client.query<{ readonly seq: string; readonly event: QueuedEvent['event'] }>(
      `SELECT seq, event FROM ${queueSchema}.etl_event WHERE run = $1 AND seq >= $2 ORDER BY seq LIMIT ${pageSize}`,
      [run, next],
    );
    if (!page.ok) return failed(queueAway(page.error));
    for (const { seq, event } of page.value) events.push({ seq: Number(seq), event });
    if (page.value.length < pageSize) return ok(events);
  }
}

/** Errors: `queue/unreachable`. */
export async function countEvents(client: QueueClient, run: RunId): Promise<Result<number, Diagnostic>> {
  const counted = await client.query<{ readonly events: number }>(
    `SELECT count(*)::integer AS events FROM ${queueSchema}.etl_event WHERE run = $1`,
    [run],
  );
  return counted.ok ? ok(counted.value[0]?.events ?? 0) : failed(queueAway(counted.error));
}

/** The pipelines that a run was carried out with, by their numbers. Errors: `queue/unreachable`. */
export async function readPlans(client: QueueClient, run: RunId): Promise<Result<readonly QueuedPlan[], Diagnostic>> {
  const plans = await client.query<QueuedPlan>(
    `SELECT number, hash, text, stored FROM ${queueSchema}.etl_plan WHERE run = $1 ORDER BY number`,
    [run],
  );
  return plans.ok ? plans : failed(queueAway(plans.error));
}
