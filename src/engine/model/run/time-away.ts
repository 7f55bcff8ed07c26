import type { EpochMs } from '../ids.ts';

/** A time in which no process carried a run out: from the last sign of life of one to its continuation by the next. */
export type Away = { readonly from: EpochMs; readonly to: EpochMs };

/** How much of the time between two moments, in ms, lies in times in which nobody carried the run out. */
export function awayBetween(
  away: readonly { readonly from: number; readonly to: number }[] | undefined,
  start: number,
  end: number,
): number {
  let ms = 0;
  for (const { from, to } of away ?? []) ms += Math.max(0, Math.min(end, to) - Math.max(start, from));
  return ms;
}
