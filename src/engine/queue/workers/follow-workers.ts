import type { EpochMs, HostId } from '../../model/ids.ts';
import type { HostLoad } from '../../model/run/host-state.ts';
import type { Host } from '../../ports.ts';
import { workerChannel } from '../output/attempt-record.ts';
import type { QueueClient } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';

const lookEveryMs = 1_000;

export type Workers = {
  /** Those that live, as seen last. */
  hosts(): readonly Host[];
  /** Looks now, and again after what is under way. Never rejects. */
  look(): Promise<void>;
  close(): void;
};

type Row = {
  readonly id: HostId;
  readonly name: string;
  readonly labels: readonly string[];
  readonly slots: number;
  readonly draining: boolean;
  readonly load: HostLoad | null;
  readonly age: number;
  readonly lease: number;
};

/** A beat counts from the clock of the database, so that the clocks of hosts may differ. */
const declare = `
UPDATE ${queueSchema}.etl_worker SET dead = true WHERE NOT dead AND beat < clock_timestamp() - lease_ms * interval '1 ms' RETURNING id`;
const select = `
SELECT id, name, labels, slots, draining, load, extract(epoch FROM clock_timestamp() - beat)::float8 * 1000 AS age,
  lease_ms::float8 AS lease
FROM ${queueSchema}.etl_worker WHERE NOT dead ORDER BY started, id`;

/**
 * Follows the workers, and declares those dead whose lease is over.
 * @param onLook called after each look that succeeded; the hosts that are missing from then on are dead for ever
 */
export async function followWorkers(
  client: QueueClient,
  onLook: (hosts: readonly Host[]) => void,
  onDeclared: (host: HostId) => void,
): Promise<Workers> {
  let hosts: readonly Host[] = [];
  let looking: Promise<void> | undefined;
  let isClosed = false;

  const lookOnce = async () => {
    const declared = await client.query<{ id: HostId }>(declare);
    for (const { id } of declared.ok ? declared.value : []) onDeclared(id);
    const rows = await client.query<Row>(select);
    // Otherwise the next look tells.
    if (!rows.ok || isClosed) return;
    hosts = rows.value.map(hostFrom);
    onLook(hosts);
  };
  const look = async () => {
    if (looking !== undefined) await looking;
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    await looking;
  };

  const unlisten = client.listen(workerChannel, () => void look());
  await look();
  const timer = setInterval(() => void look(), lookEveryMs);
  return {
    hosts: () => hosts,
    look,
    close: () => {
      isClosed = true;
      clearInterval(timer);
      unlisten();
    },
  };
}

function hostFrom({ id, name, labels, slots, draining, load, age, lease }: Row): Host {
  const host = { id, name, labels: new Set(labels), slots, accepting: !draining };
  return { ...host, ...(load === null ? {} : { load }), seenAt: (Date.now() - age) as EpochMs, leaseMs: lease };
}
