import { ok, type Result } from '../../model/result.ts';
import type { HostLoad } from '../../model/run/host-state.ts';
import { type LeaseMoment, leaseMoment, passedSince } from '../../platform/lease-clock.ts';
import { workerChannel } from '../output/attempt-record.ts';
import type { QueueClient, QueueFailure } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import { fenceShare, renewalsPerLease, type WorkerRow } from './worker-row.ts';

/** Why a worker may run nothing any more. */
export type Fenced = 'declared-dead' | 'not-renewed';

export type Lease = {
  /** From now on nothing new is placed on it. */
  drain(): Promise<void>;
  /** Gives it back: what it has not finished is over at once for everybody. Call it when nothing runs any more. */
  release(): Promise<void>;
  /** Renews it no more. */
  stop(): void;
};

export type LeaseOptions = {
  /** Used for nothing else, so that a renewal waits for nothing. */
  readonly client: QueueClient;
  readonly worker: WorkerRow;
  readonly load: () => HostLoad | undefined;
  /** After each renewal, with the moment before it was asked for. False: too late, the lease was over before. */
  readonly onRenewed: (since: LeaseMoment) => boolean;
  /** Called once. Whatever runs has to end within a fifth of the lease. */
  readonly onFenced: (why: Fenced) => void;
};

/** Registers a worker, and renews its lease on the clock of the database until it is stopped. */
export async function holdLease({
  client,
  worker,
  load,
  onRenewed,
  onFenced,
}: LeaseOptions): Promise<Result<Lease, QueueFailure>> {
  const { id, name, labels, slots, leaseMs, version } = worker;
  const everyMs = leaseMs / renewalsPerLease;
  let renewedAt = leaseMoment();
  let isOver = false;
  let isRenewing = false;

  const stop = () => {
    isOver = true;
    clearInterval(timer);
  };
  const fence = (why: Fenced) => {
    if (isOver) return;
    stop();
    onFenced(why);
  };

  const registered = await client.query(
    `INSERT INTO ${queueSchema}.etl_worker (id, name, labels, slots, lease_ms, load, version) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, name, labels, slots, leaseMs, load(), version],
  );
  if (!registered.ok) return registered;
  const tellOthers = () => client.query(`SELECT pg_notify('${workerChannel}', '')`);
  await tellOthers();
  onRenewed(renewedAt);

  const renew = async () => {
    isRenewing = true;
    const sent = leaseMoment();
    const renewed = await client.query(
      `UPDATE ${queueSchema}.etl_worker SET beat = clock_timestamp(), load = $2 WHERE id = $1 AND NOT dead RETURNING id`,
      [id, load()],
      everyMs,
    );
    isRenewing = false;
    // Tried again until it is too late.
    if (isOver || !renewed.ok) return;
    if (renewed.value.length === 0) return fence('declared-dead');
    // Whoever runs the attempts has ended them already, when the answer came too late.
    if (!onRenewed(sent)) return fence('not-renewed');
    renewedAt = sent;
  };

  let ticks = 0;
  const ticksPerRenewal = 4;
  const timer = setInterval(() => {
    ticks += 1;
    if (passedSince(renewedAt) >= leaseMs * fenceShare) return fence('not-renewed');
    const isLate = passedSince(renewedAt) > everyMs;
    if (!isRenewing && (isLate || ticks % ticksPerRenewal === 0)) void renew();
  }, everyMs / ticksPerRenewal);

  return ok({
    drain: async () => {
      await client.query(`UPDATE ${queueSchema}.etl_worker SET draining = true WHERE id = $1`, [id]);
      await tellOthers();
    },
    release: async () => {
      stop();
      await client.query(`UPDATE ${queueSchema}.etl_worker SET dead = true WHERE id = $1`, [id]);
      await tellOthers();
    },
    stop,
  });
}
