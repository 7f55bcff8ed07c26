import type { PaneContent } from '../pane.ts';
import { chartPane } from './chart-pane.ts';

/** One chart for each meter, side by side; below each other where that leaves them wide enough for it. */
export const charts: PaneContent = {
  rows: ({ meters, screen }, shape, theme) => {
    const { digit: _, ...bare } = shape;
    const isStacked = shape.zoomed && screen.columns < screen.rows * 4;
    const drawn = parts(isStacked ? shape.height : shape.width, meters.length).map((part, index) => {
      const own = index === 0 ? shape : bare;
      return chartPane(meters[index]!, { ...own, ...(isStacked ? { height: part } : { width: part }) }, theme);
    });
    if (isStacked) return drawn.flat();
    return Array.from({ length: shape.height }, (_, row) => drawn.map((rows) => rows[row]).join(''));
  },
};

/** `length` in `count` parts that differ by one at most. */
function parts(length: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    return Math.floor((length * (index + 1)) / count) - Math.floor((length * index) / count);
  });
}
