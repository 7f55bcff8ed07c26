import type { Exit } from '../../../model/run/task-state.ts';
import { type LeaseMoment, passedSince } from '../../../platform/lease-clock.ts';
import type { Guardian } from './guardian.ts';

/** For a runner whose attempts may go on for only as long as somebody else grants it. */
export type LeaseOptions = {
  /** How long after the end of the lease the last process of an attempt is ended by SIGKILL, whatever grace it was promised. */
  readonly graceMs: number;
};

/**
 * The right of a runner to let its attempts go on. When it is over, the guardian ends them, also while this process stands
 * still or is gone, and nothing brings it back.
 */
export type Lease = {
  /**
   * The lease holds until `forMs` after `since`. False, and without effect, once it is over. Before the first call it has no
   * end.
   */
  renew(forMs: number, since: LeaseMoment): boolean;
  isOver(): boolean;
  /** What is left of a grace when the lease is over, or this process dead. */
  capGrace(graceMs: number): number;
};

export function createLease({ graceMs: most }: LeaseOptions, guardian: Guardian): Lease {
  let held: { readonly forMs: number; readonly since: LeaseMoment } | undefined;
  let wasOver = false;
  const isOver = () => {
    wasOver ||= held !== undefined && passedSince(held.since) >= held.forMs;
    return wasOver;
  };
  return {
    renew: (forMs, since) => {
      if (isOver()) return false;
      held = { forMs, since };
      guardian.endLeaseAt({ sinceBootMs: since.sinceBootMs + forMs, wallMs: since.wallMs + forMs });
      return true;
    },
    isOver,
    capGrace: (graceMs) => Math.min(graceMs, most),
  };
}

/** A local run has none: its attempts go on for as long as it lives. */
export const noLease: Lease = { renew: () => true, isOver: () => false, capGrace: (graceMs) => graceMs };

/** The exit of whatever ends, or is to begin, after the end of the lease: somebody else decides about it now. */
export function leaseExpired(host: string): Exit {
  const message = `"${host}" did not renew its lease in time, and ended what it ran`;
  return { kind: 'lost', why: 'lease-expired', message };
}
