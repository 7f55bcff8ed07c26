import type { Theme } from '../theme.ts';

/** A bar of `width` columns, filled to `fraction` in eighths of a column (in whole columns where there are no eighths). */
export function progressBar(fraction: number, width: number, { glyphs: { bar, barRest } }: Theme): string {
  const share = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
  const parts = bar.length - 1;
  const filled = Math.floor(share * width * parts);
  const whole = Math.floor(filled / parts);
  const rest = filled % parts;
  const edge = rest === 0 ? '' : bar[rest]!;
  return bar[parts]!.repeat(whole) + edge + barRest.repeat(width - whole - edge.length);
}
