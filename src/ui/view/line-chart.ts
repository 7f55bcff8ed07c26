import { plot } from 'asciichart';
import { fitTextRight } from '../text/fit-text.ts';
import type { Theme } from '../theme.ts';
import { type Line, type Span, span } from './line.ts';
import { type Meter, meterStyle } from './meter.ts';

/** A line with a labelled axis, the newest value at the right edge; `height` rows of `width` columns. Needs 3 rows. */
export function lineChart(meter: Meter, width: number, height: number, theme: Theme): readonly Line[] {
  const top = Number.isFinite(meter.max) && meter.max > 0 ? meter.max : 1;
  const room = width - axisWidth;
  const points = pointsOf(meter.samples.slice(-Math.max(1, room)), top);
  const drawnRows = points.length === 0 ? [] : plotRows(points, top, height, theme);
  const limitRow = meter.limit === undefined ? -1 : Math.round((1 - meter.limit / top) * (height - 1));
  return Array.from({ length: height }, (_, row): Line => {
    const value = top * (1 - row / (height - 1));
    // The plotter draws a first value into the axis; ours stays plain, since time does not begin there.
    const drawn = (drawnRows[row] ?? '').slice(1).padStart(room);
    const label = row % labelEvery(height) === 0 || row === height - 1 ? fitTextRight(labelOf(value), labelWidth) : '';
    return [
      span(`${label.padStart(labelWidth)} ${theme.glyphs.plot[1]}`, 'dim'),
      ...(row === limitRow ? withLimit(drawn, meter, theme) : [span(drawn, meterStyle(meter))]),
    ];
  });
}

/** Columns of a label, a blank and the axis. */
const labelWidth = 4;
const axisWidth = labelWidth + 2;

/** The plotter throws on what is not a number; a gap repeats the value before it. */
function pointsOf(samples: readonly number[], top: number): readonly number[] {
  const points: number[] = [];
  for (const sample of samples) {
    const known = Number.isFinite(sample) ? Math.min(top, Math.max(0, sample)) : points[points.length - 1];
    if (known !== undefined) points.push(known);
  }
  return points;
}

/** Rows of the plot from top to bottom, each one column of axis and then the line. */
function plotRows(points: readonly number[], top: number, height: number, { glyphs }: Theme): readonly string[] {
  const last = points[points.length - 1]!;
  // n points make n - 1 columns of line; the last one is drawn as well.
  const rows = plot([...points, last], {
    min: 0,
    max: top,
    height: height - 1,
    offset: 1,
    format: () => '',
    symbols: glyphs.plot,
  });
  const length = points.length + 1;
  return rows.split('\n').map((row) => row.padEnd(length));
}

/** The limit shows where the line leaves room. */
function withLimit(drawn: string, meter: Meter, { glyphs }: Theme): Line {
  const spans: Span[] = [];
  for (const [part] of drawn.matchAll(/ +|[^ ]+/g)) {
    spans.push(
      part.startsWith(' ') ? span(glyphs.limitLine.repeat(part.length), 'dim') : span(part, meterStyle(meter)),
    );
  }
  return spans;
}

/** Labels every few rows, so that they are read as a scale and not as a column of numbers. */
function labelEvery(height: number): number {
  return height <= 5 ? height - 1 : Math.ceil((height - 1) / 4);
}

function labelOf(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : String(Math.round(value));
}
