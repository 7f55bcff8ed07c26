import type { HostId } from '../model/ids.ts';
import { stopChannel } from '../queue/output/attempt-record.ts';
import type { QueueClient } from '../queue/queue-client.ts';
import { queueSchema } from '../queue/queue-schema.ts';
import type { AttemptDesk } from './attempt-desk.ts';

/** While something runs, it looks so often without being told to. */
const lookEveryMs = 2_000;

const select = `SELECT attempt, grace_ms AS grace FROM ${queueSchema}.etl_stop WHERE worker = $1`;

/** Passes on which attempts of a worker are to end. Returns the way to stop that. */
export function followStops(client: QueueClient, worker: HostId, desk: AttemptDesk): () => void {
  const look = async () => {
    const rows = await client.query<{ attempt: string; grace: string }>(select, [worker]);
    for (const { attempt, grace } of rows.ok ? rows.value : []) desk.stop(attempt, Number(grace));
  };
  const unlisten = client.listen(stopChannel, (named = worker) => {
    if (named === worker) void look();
  });
  const timer = setInterval(() => {
    if (desk.running() > 0) void look();
  }, lookEveryMs);
  return () => {
    unlisten();
    clearInterval(timer);
  };
}
