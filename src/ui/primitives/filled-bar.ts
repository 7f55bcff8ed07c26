import type { Theme } from '../theme.ts';

/**
 * A bar of `width` columns, filled to `fraction` in eighths of a column (in whole columns where there are no eighths).
 * @param rest what fills the other columns
 */
export function filledBar(fraction: number, width: number, { glyphs }: Theme, rest = glyphs.barRest): string {
  const share = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
  const parts = glyphs.bar.length - 1;
  const filled = Math.floor(share * width * parts);
  const whole = Math.floor(filled / parts);
  const last = filled % parts;
  const edge = last === 0 ? '' : glyphs.bar[last]!;
  return glyphs.bar[parts]!.repeat(whole) + edge + rest.repeat(width - whole - edge.length);
}
