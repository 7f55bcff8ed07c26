import type { WaitCause, WaitMs, WaitTimes } from '../../model/run/wait-times.ts';
import { seconds } from './time-format.ts';

/** Seconds by what was waited for; causes without any are absent. */
export type WaitSeconds = { readonly [cause in WaitCause]?: number };

/** The field of one task; empty when it has not waited. */
export function waitingSeconds(waits: WaitMs | undefined): { readonly waiting_seconds?: WaitSeconds } {
  const entries = Object.entries(waits ?? {}).filter(([, ms]) => ms >= 1);
  if (entries.length === 0) return {};
  return { waiting_seconds: Object.fromEntries(entries.map(([cause, ms]) => [cause, seconds(ms)])) };
}

/** The field of a run: the waits of its tasks together. */
export function waitingSecondsOfRun(waits: WaitTimes): { readonly waiting_seconds?: WaitSeconds } {
  const sum = new Map<string, number>();
  for (const times of waits.values()) {
    for (const [cause, ms] of Object.entries(times)) sum.set(cause, (sum.get(cause) ?? 0) + ms);
  }
  return waitingSeconds(Object.fromEntries(sum));
}
