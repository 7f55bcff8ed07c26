import type { Theme } from '../theme.ts';

/** The latest `width` values as blocks of eight heights, newest at the right; NaN is a blank. */
export function sparkline(
  values: readonly number[],
  width: number,
  max: number,
  { glyphs: { sparks } }: Theme,
): string {
  const shown = width > 0 ? values.slice(-width) : [];
  const top = Number.isFinite(max) && max > 0 ? max : 1;
  let line = '';
  for (const value of shown) {
    const share = Math.min(1, Math.max(0, value / top));
    line += Number.isFinite(value) ? sparks[Math.min(sparks.length - 1, Math.floor(share * sparks.length))]! : ' ';
  }
  return line.padStart(Math.max(0, width));
}
