import type { EpochMs } from '../../model/ids.ts';

/**
 * What a worker tells of an attempt, in its order: `spawned` (the pid as text), `stdout` and `stderr` (bytes, masked),
 * `report` and at the end `exit` (JSON).
 */
export type RecordKind = 'spawned' | 'stdout' | 'stderr' | 'report' | 'exit';

export type AttemptRecord = {
  readonly kind: RecordKind;
  readonly data: Uint8Array;
  /** When it was stored, on the clock of this machine; of an `exit` only. */
  readonly at?: EpochMs;
};

/** Told when there is something new of an attempt; the payload is its name. */
export const outputChannel = 'etl_output';
/** Told when an attempt is to end; the payload is the id of its worker. */
export const stopChannel = 'etl_stop';
/** Told when there is an attempt in a mailbox; the payload is the id of its worker. */
export const mailboxChannel = 'etl_mailbox';
/** Told when a worker has come, drains, or has gone. */
export const workerChannel = 'etl_worker';
