import { formatCount, formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { formatMinute } from '../../../display/format/format-moment.ts';
import { describeRegression } from '../../../display/regression-text.ts';
import { exitDisplays } from '../../../display/states/run-display.ts';
import type { PerformanceRecord, TaskTrend, Trend } from '../../../engine/index.ts';
import { type Html, html } from '../html.ts';
import { type Column, percent, type ReportSource, type Section, stateMarkup, table } from '../parts.ts';
import { trendMarkup } from '../sparkline.ts';

const maxRuns = 15;
const maxTasks = 20;
const maxSlower = 30;

const trendColumns: readonly Column[] = [
  { title: 'duration' },
  { title: 'last runs' },
  ...['median', 'mean', 'stdev', 'min', 'max', 'runs', 'success', 'retries', 'critical path'].map(
    (title) => ({ title, kind: 'number' }) as const,
  ),
];
const runColumns: readonly Column[] = [
  { title: 'run' },
  { title: 'started', kind: 'short' },
  { title: 'result' },
  { title: 'took', kind: 'number' },
  { title: 'speed-up', kind: 'number' },
  { title: 'failed', kind: 'number' },
];

/** What has become slower than in earlier runs. */
export function slowerSection({ report: { result } }: ReportSource): Section | undefined {
  const { regressions = [] } = result;
  if (regressions.length === 0) return undefined;
  const more = regressions.length - maxSlower;
  const items = regressions.slice(0, maxSlower).map(
    (one) => html`<li>${describeRegression(one)}</li>
`,
  );
  const body = html`<ul>${items}${more > 0 ? html`<li>and ${formatNumber(more)} more</li>` : undefined}</ul>
`;
  return { id: 'slower', title: 'Slower than usual', body };
}

/** This run beside those before it: durations of runs with the same parameters, and how the last runs ended. */
export function trendsSection(source: ReportSource): Section | undefined {
  const { report, past } = source;
  const { performance } = report;
  if (past.length === 0 || performance === undefined) return undefined;
  const rows = [...past.slice(-maxRuns), performance].reverse().map((record) => runCells(record, performance));
  const body = html`${statisticsMarkup(source)}<h3>The last runs</h3>
${table('The last runs', runColumns, rows)}`;
  return { id: 'trends', title: 'Trends', body };
}

function statisticsMarkup({ trends }: ReportSource): Html | undefined {
  if (trends === undefined || trends.runs.length < 2) return undefined;
  const shown = trends.tasks.filter(({ statistics }) => statistics !== undefined).slice(0, maxTasks);
  const more = trends.tasks.length - shown.length;
  const rows = [trendCells('the run', trends.overall), ...shown.map((trend) => trendCells(trend.task, trend))];
  return html`<p>Of ${formatCount(trends.runs.length, 'run')} with the same parameters, this one included. The durations are those of successes, of a task those of its last attempt.</p>
${table('Durations of the last runs', trendColumns, rows)}${
  more > 0
    ? html`<p class="muted">and ${formatCount(more, 'more task', 'more tasks')}; <code>etl-tui trends</code> shows more</p>`
    : undefined
}`;
}

function trendCells(name: string, trend: Trend & Partial<TaskTrend>): readonly (Html | string)[] {
  const { statistics, ran, success_rate: success, retries, critical_share: share } = trend;
  const { median, mean, stdev, min, max } = statistics ?? {};
  return [
    name,
    trendMarkup(trend),
    ...[median, mean, stdev, min, max].map((one) => (one === undefined ? '' : formatDuration(one * 1000))),
    formatNumber(ran),
    success === undefined ? '' : percent(success),
    retries === 0 ? '' : formatNumber(retries),
    share === undefined || share === 0 ? '' : percent(share),
  ];
}

function runCells(record: PerformanceRecord, now: PerformanceRecord): readonly (Html | string)[] {
  const { run_id: run, started_at, verdict, total_duration_seconds: took, speedup, results } = record;
  const failed = results.filter(
    ({ status, tolerated }) => (status === 'failed' || status === 'timeout') && !tolerated,
  ).length;
  return [
    run === now.run_id ? html`<strong>${run}</strong>, this run` : run,
    formatMinute(Date.parse(started_at)),
    stateMarkup(exitDisplays[verdict] ?? exitDisplays['task-failed']),
    formatDuration(took * 1000),
    speedup === undefined ? '' : `${speedup.toFixed(1)}x`,
    failed === 0 ? '' : String(failed),
  ];
}
