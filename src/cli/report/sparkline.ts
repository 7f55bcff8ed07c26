import { formatDuration } from '../../display/format/format-duration.ts';
import type { Trend } from '../../engine/index.ts';
import { type Html, html } from './html.ts';

const width = 100;
const height = 20;

/**
 * A small curve without a scale, from nothing (or its lowest value below that) to its highest.
 * @param words what it shows, for who does not see it
 * @param hasNow whether the last value is that of this run, and gets a dot
 */
export function sparkline(values: readonly number[], words: string, hasNow: boolean): Html {
  if (values.length < 2) return html``;
  const top = values.reduce((most, value) => Math.max(most, value), 0);
  const bottom = values.reduce((least, value) => Math.min(least, value), 0);
  const range = top - bottom || 1;
  const x = (index: number) => Math.round((index / (values.length - 1)) * width * 10) / 10;
  const y = (value: number) => Math.round((0.95 - ((value - bottom) / range) * 0.9) * height * 10) / 10;
  const path = values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('');
  const last = values.at(-1)!;
  const dot = hasNow ? html`<circle class="now" cx="${width}" cy="${y(last)}" r="2.5"/>` : undefined;
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}"><path class="curve" d="${path}"/>${dot}</svg>`;
}

/** The durations of the last runs, this run last; nothing where fewer than two succeeded. */
export function trendMarkup({ seconds }: Pick<Trend, 'seconds'>): Html | string {
  const known = seconds.filter((one) => one !== null);
  if (known.length < 2) return '';
  const range = [Math.min(...known), Math.max(...known)].map((one) => formatDuration(one * 1000));
  return sparkline(known, `${known.length} runs, from ${range.join(' to ')}`, seconds.at(-1) !== null);
}
