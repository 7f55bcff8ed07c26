import { formatCount, formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { nameList } from '../../../display/format/name-list.ts';
import type { TimeAxis } from '../../../display/timeline/time-axis.ts';
import { type Html, html } from '../html.ts';
import { iconMarkup, type ReportSource, type Section } from '../parts.ts';
import { scaleMarkup, timeScale } from '../time-scale.ts';
import { selectRows, type TimelineRow, timelineRows } from '../timeline-rows.ts';

const maxRows = 300;
const maxNames = 60;

/** When each task ran, a row each, with the critical path. */
export function timelineSection(source: ReportSource): Section | undefined {
  const all = timelineRows(source);
  if (all.length === 0) return undefined;
  const rows = selectRows(all, maxRows);
  const scale = timeScale(source);
  const body = html`${pathMarkup(all, source)}${legend}
${
  rows.length < all.length
    ? html`<p class="muted">${formatCount(all.length, 'task')} ran: the critical path, what failed and the longest are shown, and ${formatNumber(all.length - rows.length)} others left out.</p>`
    : undefined
}<table class="timeline"><thead><tr><th scope="col" class="task">task</th><th scope="col"><span class="hidden">when it ran</span>${scaleMarkup(scale)}</th><th scope="col" class="n end">started after</th><th scope="col" class="n took">took</th></tr></thead><tbody>
${rows.map((row) => rowMarkup(row, scale))}</tbody></table>
`;
  return { id: 'timeline', title: 'Timeline', body };
}

function rowMarkup({ task, ending, isCritical, bars, startMs, tookMs }: TimelineRow, { endMs }: TimeAxis): Html {
  const share = (ms: number) => (ms / endMs) * 100;
  const onPath = isCritical ? ' on-path' : '';
  const rects = bars.map(({ fromMs, toMs, kind }) => {
    const [x, width] = [share(fromMs), Math.max(0.15, share(toMs) - share(fromMs))];
    const [y, height] = kind === 'wait' ? ['45%', '10%'] : ['12%', '76%'];
    return html`<rect class="${kind === 'wait' ? 'wait' : `${kind}${onPath}`}" x="${x}%" y="${y}" width="${width}%" height="${height}"/>`;
  });
  const mark = isCritical
    ? html`&#160;<span title="on the critical path"><span aria-hidden="true">◆</span><span class="hidden">on the critical path</span></span>`
    : undefined;
  return html`<tr${isCritical ? html` class="critical"` : undefined}><th scope="row">${iconMarkup(ending)}&#160;${task}${mark}</th><td><svg class="lane" aria-hidden="true">${rects}</svg></td><td class="n end">${formatDuration(startMs)}</td><td class="n">${formatDuration(tookMs)}</td></tr>
`;
}

const key = (kind: string) =>
  html`<svg class="lane key" aria-hidden="true"><rect class="${kind}" width="100%" height="100%"/></svg>`;
const legend = html`<ul class="legend"><li>${key('success')}ran</li><li>${key('success on-path')}ran, on the critical path ◆</li><li>${key('warning')}degraded</li><li>${key('failure')}failed</li><li>${key('wait')}waited for its turn or a retry</li></ul>`;

/** The chain of tasks that decided how long the run took at least. */
function pathMarkup(rows: readonly TimelineRow[], { report }: ReportSource): Html | undefined {
  const path = rows.filter(({ isCritical }) => isCritical);
  if (path.length < 2) return undefined;
  const tookMs = (report.performance?.critical_path_seconds ?? 0) * 1000;
  const took =
    tookMs === 0 ? '' : `, ${formatDuration(tookMs)} of ${formatDuration(report.result.total_duration_seconds * 1000)}`;
  const names = path.map(({ task }) => task);
  return html`<p>Critical path${took}: ${names.length > maxNames ? nameList(names, maxNames) : names.join(' → ')}</p>
`;
}
