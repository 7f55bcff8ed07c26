import { type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import type { Theme } from '../../theme.ts';
import { areaChart } from './area-chart.ts';
import { lineChart } from './line-chart.ts';
import { isOverLimit, latestOf, type Meter, meterText, shortName } from './meter.ts';

/** One series over time: a line with an axis where there is room, else an area. */
export function chartPane(meter: Meter, shape: PaneShape, theme: Theme): readonly string[] {
  const { width, height } = bodySize(shape);
  const latest = latestOf(meter);
  const over = isOverLimit(meter);
  const measured = meter.samples.some((sample) => Number.isFinite(sample));
  return paneRows(
    {
      title: width < minTitled ? shortName(meter) : meter.name,
      right: [styled(meterText(latest, meter), over ? 'warnBold' : 'bold')],
      bottomLeft: meter.reading === undefined ? [] : [styled(meter.reading, 'dim')],
      bottomRight: meter.limit === undefined ? [] : [styled(formatLimitNote(meter, over), over ? 'warn' : 'dim')],
    },
    measured ? chart(meter, width, height, theme) : [[styled(' not measured yet', 'dim')]],
    shape,
    theme,
  );
}

function chart(meter: Meter, width: number, height: number, theme: Theme): readonly Line[] {
  const large = height >= minLineRows && width >= minLineColumns;
  return large ? lineChart(meter, width, height, theme) : areaChart(meter, width, height, theme);
}

/** Columns for the longest name beside a value. */
const minTitled = 20;
const minLineRows = 6;
const minLineColumns = 24;

function formatLimitNote({ limit, unit }: Meter, over: boolean): string {
  const value = `${Math.round(limit!)}${unit === 'percent' ? '%' : ''}`;
  return over ? `over the limit ${value}` : `limit ${value}`;
}
