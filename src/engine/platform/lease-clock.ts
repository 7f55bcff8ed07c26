import { uptime } from 'node:os';

/**
 * A moment by two clocks, to measure by how much of a lease has passed. The time since the start of the machine counts its
 * sleep and is never set, but may stand still while a virtual machine is paused; the wall clock is put right after that, but
 * may be set back at any time.
 */
export type LeaseMoment = { readonly sinceBootMs: number; readonly wallMs: number };

/** Read again with each call; costs the reading of a small file. */
export function leaseMoment(): LeaseMoment {
  return { sinceBootMs: Math.round(uptime() * 1000), wallMs: Date.now() };
}

/**
 * The milliseconds since `moment`, by the clock that says more: what is ended too early is run again, and what is ended too
 * late may run twice at the same time.
 */
export function passedSince(moment: LeaseMoment, now: LeaseMoment = leaseMoment()): number {
  return Math.max(now.sinceBootMs - moment.sinceBootMs, now.wallMs - moment.wallMs);
}
