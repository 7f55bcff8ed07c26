import type { EpochMs } from '../../model/ids.ts';

/** A moment as ISO 8601 in UTC with milliseconds: `2026-01-05T07:00:00.000Z`; for the years 0 to 9999. */
export function isoTime(at: EpochMs): string {
  // biome-ignore lint/style/noRestrictedGlobals: formats a given moment; the clock is not read
  return new Date(Math.floor(at)).toISOString();
}

/** Milliseconds as the seconds of the reports, which have three decimals. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** The moment that `isoTime` wrote; undefined for any other text. */
export function epochMs(written: string | undefined): EpochMs | undefined {
  // biome-ignore lint/style/noRestrictedGlobals: reads a given moment; the clock is not read
  const at = Date.parse(written ?? '');
  return Number.isNaN(at) ? undefined : (at as EpochMs);
}
