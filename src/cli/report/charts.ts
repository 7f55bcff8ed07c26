import { type Html, html } from './html.ts';

/** Values over the time of a run. */
export type Chart = {
  readonly title: string;
  readonly series: readonly Series[];
  /** The top of the scale. */
  readonly top: number;
  readonly limit?: { readonly value: number; readonly text: string };
  readonly format: (value: number) => string;
};

export type Series = { readonly name: string; readonly points: readonly ChartPoint[] };
/** `at` from 0 to 1 of the scale of time. */
export type ChartPoint = { readonly at: number; readonly value: number };

const width = 1000;
const height = 100;
/** More points than pixels make a page large and no clearer. */
const maxPoints = 400;

/** A chart with its numbers in words above it: a reader who does not see the curve loses little. */
export function chartMarkup({ title, series, top, limit, format }: Chart, times: Html): Html {
  const drawn = series.map(({ name, points }) => ({ name, points: thinOut(points), all: points }));
  const scale = [top, top / 2, 0].map((value) => html`<span>${format(value)}</span>`);
  const first = drawn[0]!;
  const limitLine =
    limit === undefined || limit.value > top
      ? undefined
      : html`<path class="limit" vector-effect="non-scaling-stroke" d="M0 ${yOf(limit.value, top)}H${width}"/>`;
  const curves = drawn.map(
    ({ points }, at) =>
      html`<path class="curve${at > 0 ? ' second' : ''}" vector-effect="non-scaling-stroke" d="${curveOf(points, top)}"/>`,
  );
  const facts = drawn.map(({ name, all }) => `${name === '' ? '' : `${name} `}${factsOf(all, format)}`);
  const words = [...facts, ...(limit === undefined ? [] : [limit.text])].join('; ');
  return html`<figure><figcaption><strong>${title}</strong> ${words}</figcaption>
<div class="plot"><div class="scale" aria-hidden="true">${scale}</div><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${title}: ${words}"><path class="area" d="${areaOf(first.points, top)}"/>${limitLine}${curves}</svg><div class="times">${times}</div></div></figure>
`;
}

function factsOf(points: readonly ChartPoint[], format: Chart['format']): string {
  const values = points.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  return `${format(mean)} on average, ${format(highest)} at most`;
}

function curveOf(points: readonly ChartPoint[], top: number): string {
  return points.map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${xOf(at)} ${yOf(value, top)}`).join('');
}

function areaOf(points: readonly ChartPoint[], top: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '';
  return `${curveOf(points, top)}V${height}H${xOf(first.at)}Z`;
}

function xOf(at: number): number {
  return Math.round(Math.min(1, Math.max(0, at)) * width * 10) / 10;
}

function yOf(value: number, top: number): number {
  const share = top > 0 ? Math.min(1, Math.max(0, value / top)) : 0;
  return Math.round((1 - share) * height * 10) / 10;
}

/** Of neighbours, the highest value stays. */
function thinOut(points: readonly ChartPoint[]): readonly ChartPoint[] {
  const size = Math.ceil(points.length / maxPoints);
  if (size <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, part) =>
    points.slice(part * size, (part + 1) * size).reduce((most, point) => (point.value > most.value ? point : most)),
  );
}

/**
 * The next round number from `value` on, as the top of a scale.
 * @param thousand what a unit is more than the next smaller one: 1,024 for bytes
 */
export function roundUp(value: number, thousand = 1_000): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  let unit = 1;
  while (unit * thousand <= value) unit *= thousand;
  return (factors.find((factor) => factor * unit >= value) ?? thousand) * unit;
}

const factors = [1, 2, 4, 6, 10, 20, 40, 60, 100, 200, 400, 600, 1_000];
