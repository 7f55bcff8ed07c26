import type { HostId } from '../../model/ids.ts';
import type { HostLoad } from '../../model/run/host-state.ts';

/** What a worker says of itself when it starts. */
export type WorkerRow = {
  /** Never used before; begins with the name. */
  readonly id: HostId;
  readonly name: string;
  readonly labels: readonly string[];
  readonly slots: number;
  readonly leaseMs: number;
  /** Of the program. */
  readonly version: string;
  readonly load?: HostLoad;
};

/** Shares of the lease: how often it is renewed, and after how long without success the worker gives up. */
export const renewalsPerLease = 5;
export const fenceShare = 3 / 5;
