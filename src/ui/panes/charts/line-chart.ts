import { plot } from 'asciichart';
import { formatCompact } from '../../../display/format/format-count.ts';
import { type Line, type StyledText, styled } from '../../primitives/line.ts';
import { shortenText } from '../../primitives/text/fit-text.ts';
import type { Theme } from '../../theme.ts';
import { type Meter, meterStyle } from './meter.ts';

/** A line with a labelled axis, the newest value at the right edge; `height` rows of `width` columns. Needs 3 rows. */
export function lineChart(meter: Meter, width: number, height: number, theme: Theme): readonly Line[] {
  const top = Number.isFinite(meter.max) && meter.max > 0 ? meter.max : 1;
  const room = width - axisWidth;
  const points = sharesOf(meter.samples.slice(-Math.max(1, room)), top);
  const drawnRows = points.length === 0 ? [] : plotRows(points, height, theme);
  const limitRow = meter.limit === undefined ? -1 : Math.round((1 - meter.limit / top) * (height - 1));
  const labels = labelsOf(top, limitRow, meter.limit, height);
  return Array.from({ length: height }, (_, row): Line => {
    // asciichart marks the first value on the axis; here the axis stays plain, because the series does not begin there.
    const drawn = (drawnRows[row] ?? '').slice(1, 1 + points.length).padStart(room);
    const label = labels.get(row) ?? '';
    return [
      styled(`${label.padStart(labelWidth)} ${theme.glyphs.plot[1]}`, 'dim'),
      ...(row === limitRow ? withLimit(drawn, meter, theme) : [styled(drawn, meterStyle(meter))]),
    ];
  });
}

/** Columns of a label, a blank and the axis. */
const labelWidth = 4;
const axisWidth = labelWidth + 2;

/** Values as shares of the scale, from 0 to 1. A gap repeats the value before it, because asciichart throws on NaN. */
function sharesOf(samples: readonly number[], top: number): readonly number[] {
  const points: number[] = [];
  for (const sample of samples) {
    const known = Number.isFinite(sample) ? Math.min(1, Math.max(0, sample / top)) : points[points.length - 1];
    if (known !== undefined) points.push(known);
  }
  return points;
}

/** Rows of the plot from top to bottom, each one column of axis and then the line. */
function plotRows(shares: readonly number[], height: number, { glyphs }: Theme): readonly string[] {
  // Scaled to rows here, because asciichart's scaling fails for very small and very large numbers.
  const heights = shares.map((share) => share * (height - 1));
  const last = heights[heights.length - 1]!;
  // asciichart draws n - 1 columns for n points, so the last point is repeated.
  const rows = plot([...heights, last], {
    min: 0,
    max: height - 1,
    height: height - 1,
    offset: 1,
    // An empty label would shift the row by a column.
    format: () => ' ',
    symbols: glyphs.plot,
  });
  const length = shares.length + 1;
  return rows.split('\n').map((row) => row.padEnd(length));
}

/** The dashed line of the limit, where the series leaves its row free. */
function withLimit(drawn: string, meter: Meter, { glyphs }: Theme): Line {
  const line: StyledText[] = [];
  for (const [part] of drawn.matchAll(/ +|[^ ]+/g)) {
    line.push(
      part.startsWith(' ') ? styled(glyphs.limitLine.repeat(part.length), 'dim') : styled(part, meterStyle(meter)),
    );
  }
  return line;
}

/** Labels by row: both ends and the middle of the scale, and the limit if its row has none of these. */
function labelsOf(
  top: number,
  limitRow: number,
  limit: number | undefined,
  height: number,
): ReadonlyMap<number, string> {
  const labels = new Map([0, top / 2, top].map((value) => [Math.round((1 - value / top) * (height - 1)), value]));
  if (limit !== undefined && !labels.has(limitRow)) labels.set(limitRow, limit);
  return new Map([...labels].map(([row, value]) => [row, shortenText(labelOf(value), labelWidth)]));
}

function labelOf(value: number): string {
  return value >= 10 || Number.isInteger(value) ? formatCompact(value) : value.toFixed(1);
}
