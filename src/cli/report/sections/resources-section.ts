import { formatSize, type ResourceSample } from '../../../engine/index.ts';
import { type Chart, type ChartPoint, chartMarkup, roundUp } from '../charts.ts';
import { html } from '../html.ts';
import { percent, type ReportSource, type Section } from '../parts.ts';
import { scaleMarkup, timeScale } from '../time-scale.ts';

/** What the machine and the database were used for while the run went on. */
export function resourcesSection(source: ReportSource): Section | undefined {
  const charts = chartsOf(source);
  if (charts.length === 0) return undefined;
  const times = scaleMarkup(timeScale(source));
  return {
    id: 'resources',
    title: 'Machine and database',
    body: html`<div class="charts">${charts.map((chart) => chartMarkup(chart, times))}</div>
`,
  };
}

function chartsOf(source: ReportSource): readonly Chart[] {
  const { samples, report, history } = source;
  if (samples.length < 2) return [];
  const zero = Date.parse(report.result.started_at);
  const { endMs } = timeScale(source);
  const points = (read: (sample: ResourceSample) => number | undefined): readonly ChartPoint[] =>
    samples.flatMap((sample) => {
      const value = read(sample);
      return value === undefined || !Number.isFinite(value) ? [] : [{ at: (sample.at - zero) / endMs, value }];
    });
  const limits = history?.state.plan.pipeline.limits;
  const share = (title: string, values: readonly ChartPoint[], limit: number | undefined): Chart => ({
    title,
    series: [{ name: '', points: values }],
    top: 1,
    format: percent,
    ...(limit === undefined ? {} : { limit: { value: limit, text: `limit ${percent(limit)}` } }),
  });
  const all: readonly Chart[] = [
    share(
      'CPU',
      points(({ cpu }) => cpu),
      limits?.cpu,
    ),
    share(
      'Memory',
      points(({ memory }) => memory),
      limits?.memory,
    ),
    connectionsChart(points, report.performance?.connection_budget),
    diskChart(points),
  ];
  return all.filter(({ series }) => series.some((one) => one.points.length > 1));
}

type Points = (read: (sample: ResourceSample) => number | undefined) => readonly ChartPoint[];

function connectionsChart(points: Points, budget: number | undefined): Chart {
  const used = points(({ connections }) => connections?.used);
  return {
    title: 'Connections',
    series: [{ name: '', points: used }],
    top: roundUp(Math.max(highest(used), budget ?? 0, 2)),
    format: (value) => String(Math.round(value)),
    ...(budget === undefined ? {} : { limit: { value: budget, text: `${budget} for the tasks` } }),
  };
}

function diskChart(points: Points): Chart {
  const written = points(({ diskRate }) => diskRate?.writtenBytes);
  const read = points(({ diskRate }) => diskRate?.readBytes);
  return {
    title: 'Disks',
    series: [
      { name: 'written', points: written },
      { name: 'read (dashed)', points: read },
    ],
    top: roundUp(Math.max(highest(written), highest(read)), 1_024),
    format: (value) => `${formatSize(value)}/s`,
  };
}

function highest(points: readonly ChartPoint[]): number {
  return points.reduce((most, { value }) => Math.max(most, value), 0);
}
