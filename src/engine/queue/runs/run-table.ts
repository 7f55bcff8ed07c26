import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs, RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { QueueClient, QueueFailure } from '../queue-client.ts';
import { queueSchema } from '../queue-schema.ts';
import { type Driver, describeDriver, isKnownDead } from './driver.ts';

/** How long a driver counts as living without being heard of. */
export const driverLeaseMs = 30_000;

/** A run as the queue knows it. */
export type RunRow = {
  readonly run: RunId;
  readonly pipeline: string;
  /** Whether it holds its pipeline: no other run of it may go on meanwhile. */
  readonly isOpen: boolean;
  readonly driver: string | null;
  /** When its driver was last heard of, by the clock of the database. */
  readonly beatAt: EpochMs;
  /** Whether that is longer ago than its lease. */
  readonly isOver: boolean;
};

const columns = `run, pipeline, is_open AS "isOpen", driver, extract(epoch FROM beat) * 1000 AS "beatAt",
  beat < clock_timestamp() - lease_ms * interval '1 millisecond' AS "isOver"`;

/** Whether an orchestrator drives the run now, as far as can be known. */
export function isDriven({ isOpen, driver, isOver }: RunRow): boolean {
  return isOpen && driver !== null && !isOver && !isKnownDead(driver);
}

/** The run of that id, or whose id begins with it; of several the newest. Errors: `queue/unreachable`. */
export function findRow(
  client: QueueClient,
  of: { readonly run: string } | { readonly pipeline: string },
): Promise<Result<RunRow | undefined, Diagnostic>> {
  return 'run' in of ? firstOf(client, 'starts_with(run, $1)', of.run) : firstOf(client, 'pipeline = $1', of.pipeline);
}

async function firstOf(
  client: QueueClient,
  condition: string,
  value: string,
): Promise<Result<RunRow | undefined, Diagnostic>> {
  const rows = await client.query<RunRow>(
    `SELECT ${columns} FROM ${queueSchema}.etl_run WHERE ${condition} ORDER BY run DESC LIMIT 1`,
    [value],
  );
  if (!rows.ok) return failed(queueAway(rows.error));
  const [row] = rows.value;
  return ok(row && { ...row, beatAt: Math.round(Number(row.beatAt)) as EpochMs });
}

const take = `
WITH closed AS (
  UPDATE ${queueSchema}.etl_run SET is_open = false, driver = NULL
  WHERE run = $5 AND is_open AND driver IS NOT DISTINCT FROM $6 RETURNING run)
INSERT INTO ${queueSchema}.etl_run AS held (run, pipeline, driver, lease_ms)
SELECT $1, $2, $3, $4 FROM (SELECT count(*) FROM closed) AS first
ON CONFLICT (run) DO UPDATE SET is_open = true, driver = $3, lease_ms = $4, beat = clock_timestamp()
WHERE held.driver IS NOT DISTINCT FROM $7
RETURNING run`;

/**
 * Makes `driver` the one that drives a run: a new one, or one whose driver is dead. A pipeline has one open run at a time on all
 * hosts; one whose driver is dead makes room, and is `deadRun` then. Errors: `run/locked`, `queue/unreachable`.
 */
export async function takeRun(
  client: QueueClient,
  { run, pipeline }: Pick<RunRow, 'run' | 'pipeline'>,
  driver: Driver,
  leaseMs = driverLeaseMs,
): Promise<Result<{ readonly deadRun?: RunId }, Diagnostic>> {
  const found = await client.query<RunRow>(
    `SELECT ${columns} FROM ${queueSchema}.etl_run WHERE run = $1 OR (pipeline = $2 AND is_open)`,
    [run, pipeline],
  );
  if (!found.ok) return failed(queueAway(found.error));
  const own = found.value.find((row) => row.run === run);
  const other = found.value.find((row) => row.run !== run);
  const living = [own, other].find((row) => row !== undefined && isDriven(row));
  if (living !== undefined) return failed(isHeld(living));
  const taken = await client.query(take, [
    ...[run, pipeline, driver, leaseMs],
    ...[other?.run ?? null, other?.driver ?? null, own?.driver ?? null],
  ]);
  if (taken.ok && taken.value.length > 0) return ok(other === undefined ? {} : { deadRun: other.run });
  // The connection may have broken after the database had carried it out.
  const now = await firstOf(client, 'run = $1', run);
  if (now.ok && now.value?.driver === driver) return ok(other === undefined ? {} : { deadRun: other.run });
  if (!taken.ok && taken.error.kind === 'away') return failed(queueAway(taken.error));
  return failed(isHeld({ run: other?.run ?? run, pipeline, driver: null }));
}

/** Says that the driver lives; false once another one has taken the run; undefined when the database does not answer. */
export async function renewRun(client: QueueClient, run: RunId, driver: Driver): Promise<boolean | undefined> {
  const renewed = await client.query(
    `UPDATE ${queueSchema}.etl_run SET beat = clock_timestamp() WHERE run = $1 AND driver = $2 RETURNING run`,
    [run, driver],
  );
  return renewed.ok ? renewed.value.length > 0 : undefined;
}

/** Gives the run and its pipeline free, if it is still the driver's. */
export async function leaveRun(client: QueueClient, run: RunId, driver: Driver): Promise<void> {
  await client.query(
    `UPDATE ${queueSchema}.etl_run SET is_open = false, driver = NULL, beat = clock_timestamp() WHERE run = $1 AND driver = $2`,
    [run, driver],
  );
}

function isHeld({ run, pipeline, driver }: Pick<RunRow, 'run' | 'pipeline' | 'driver'>): Diagnostic {
  return {
    code: 'run/locked',
    severity: 'error',
    message: `run ${run} of pipeline "${pipeline}" is driven by ${describeDriver(driver)}`,
    hint: `wait until it ends, or follow it: etl-tui run --executor queue --resume ${run}`,
  };
}

export function queueAway({ message }: QueueFailure): Diagnostic {
  return {
    code: 'queue/unreachable',
    severity: 'error',
    message: `The queue does not answer: ${message}`,
    hint: 'see whether its database runs, and whether ETL_TUI_QUEUE names it',
  };
}
