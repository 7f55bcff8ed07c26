import { axisLabels, type TimeAxis, timeAxis } from '../../display/timeline/time-axis.ts';
import { type Html, html } from './html.ts';
import type { ReportSource } from './parts.ts';

/** What the scale of a page has room for, in the columns of the screen's scale. */
const columns = 64;

/** The scale of time of a run, which its timeline and its charts share. */
export function timeScale({ report }: ReportSource): TimeAxis {
  return timeAxis(report.result.total_duration_seconds * 1000, columns);
}

/** The labels of a scale, to stand above or below what it measures. */
export function scaleMarkup(scale: TimeAxis): Html {
  const labels = axisLabels(scale, 1000).map(({ at, text }) => html`<text x="${at / 10}%" y="13">${text}</text>`);
  return html`<svg class="axis" aria-hidden="true">${labels}</svg>`;
}
