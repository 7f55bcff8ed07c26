import type { HostId } from '../model/ids.ts';
import { stopChannel } from '../queue/output/attempt-record.ts';
import type { QueueClient } from '../queue/queue-client.ts';
import { queueSchema } from '../queue/queue-schema.ts';
import type { AttemptDesk } from './attempt-desk.ts';

/** While something runs, it looks so often without being told to. */
const lookEveryMs = 2_000;

/** Those that have ended are deleted with the next look, so that there are few. */
const select = `
WITH done AS (DELETE FROM ${queueSchema}.etl_stop WHERE attempt = ANY($2))
SELECT attempt, grace_ms AS grace FROM ${queueSchema}.etl_stop WHERE worker = $1 AND attempt <> ALL($2)`;

/** Passes on which attempts of a worker are to end. Returns the way to stop that. */
export function followStops(client: QueueClient, worker: HostId, desk: AttemptDesk): () => void {
  const stopped = new Set<string>();
  const look = async () => {
    const over = [...stopped].filter(desk.isOver);
    const rows = await client.query<{ attempt: string; grace: string }>(select, [worker, over]);
    if (!rows.ok) return;
    for (const attempt of over) stopped.delete(attempt);
    for (const { attempt, grace } of rows.value) {
      stopped.add(attempt);
      desk.stop(attempt, Number(grace));
    }
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
