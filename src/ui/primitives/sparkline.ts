import { sparkline as drawSparkline } from '../../display/format/sparkline.ts';
import type { Theme } from '../theme.ts';

/** See `sparkline` in src/display; in the blocks of the theme. */
export function sparkline(values: readonly number[], width: number, max: number, theme: Theme): string {
  return drawSparkline(values, width, max, theme.glyphs.sparks);
}
