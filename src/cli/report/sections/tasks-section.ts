import { formatCount, formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { staleResultText } from '../../../display/staleness-text.ts';
import { resultDisplay } from '../../../display/states/result-display.ts';
import { taskDisplays } from '../../../display/states/task-display.ts';
import { formatSize, type PerformanceRecord, type TaskTrend } from '../../../engine/index.ts';
import { clip, type Html, html } from '../html.ts';
import { type Column, type ReportSource, type Section, stateMarkup, type TaskRow, table } from '../parts.ts';
import { trendMarkup } from '../sparkline.ts';

const maxTasks = 1_000;

type Measured = PerformanceRecord['results'][number] | undefined;
type Cell = Html | string;
type TaskColumn = Column & { readonly cell: (row: TaskRow, measured: Measured) => Cell };

/** Every task in numbers, beside what it took in other runs; of a large run what did not go well comes first. */
export function tasksSection(source: ReportSource): Section | undefined {
  const { results } = source.report.result;
  const measured = new Map(source.report.performance?.results.map((row) => [row.task, row]));
  const rows = results.length <= maxTasks ? results : failedFirst(results).slice(0, maxTasks);
  const columns = columnsOf(source);
  const left = results.length - rows.length;
  const note =
    left === 0
      ? undefined
      : html`<p class="muted">${formatNumber(left)} of ${formatCount(results.length, 'task')} are left out; what did not succeed is shown first. <code>etl-tui show ${source.report.result.run_id} --json</code> has all of them.</p>`;
  const lines = rows.map((row) => columns.map(({ cell }) => cell(row, measured.get(row.task))));
  return { id: 'tasks', title: 'Tasks', body: html`${note}${table('Tasks', columns, lines)}` };
}

function columnsOf(source: ReportSource): readonly TaskColumn[] {
  const isRunning = source.report.status === 'running';
  // Of a single run, a median says nothing.
  const known = source.trends !== undefined && source.trends.runs.length > 1 ? source.trends.tasks : [];
  const trends = new Map(known.map((trend) => [trend.task, trend]));
  return [
    { title: 'task', cell: ({ task }) => task },
    { title: 'result', kind: 'long', cell: (row) => resultCell(row, isRunning) },
    { title: 'took', kind: 'number', cell: tookCell },
    { title: 'median', kind: 'number', cell: ({ task }) => secondsCell(trends.get(task)?.statistics?.median) },
    { title: 'last runs', cell: ({ task }) => trendCell(trends.get(task)) },
    { title: 'attempts', kind: 'number', cell: ({ attempts }) => (attempts > 0 ? String(attempts) : '') },
    { title: 'host', kind: 'name', cell: ({ host }) => host ?? '' },
    { title: 'rows', kind: 'number', cell: ({ rows }) => numberCell(rows) },
    { title: 'changed', kind: 'number', cell: ({ rows_changed }) => numberCell(rows_changed) },
    { title: 'cores', kind: 'number', cell: (_, measured) => measured?.mean_cpu_cores?.toFixed(1) ?? '' },
    {
      title: 'memory',
      kind: 'number',
      cell: (_, measured) => (measured?.peak_memory_bytes === undefined ? '' : formatSize(measured.peak_memory_bytes)),
    },
    { title: 'connections', kind: 'number', cell: (_, measured) => numberCell(measured?.peak_connections) },
    { title: 'level', kind: 'name', cell: ({ level }) => level ?? '' },
  ];
}

function resultCell(row: TaskRow, isRunning: boolean): Cell {
  const { error, degraded, stale, last_failure: failure, completed_at: end, not_needed: idle } = row;
  const isOpen = isRunning && end === undefined;
  const details = [
    ...(degraded === undefined ? [] : [degraded]),
    ...(stale === undefined ? [] : [staleResultText(stale, row.task)]),
    ...(error === null || isOpen ? [] : [String(error).replace(/^(?:not run|cancelled|skipped|unknown): /, '')]),
    ...(idle === undefined ? [] : [idle]),
    ...(failure === undefined ? [] : [`before: ${failure}`]),
  ].join(', ');
  return html`${stateMarkup(resultDisplay(row, isRunning))}${details === '' ? undefined : html`<br><span class="muted">${clip(details, 300)}</span>`}`;
}

/** The median beside it is of single attempts. */
function tookCell({ duration_seconds: took, attempts }: TaskRow, measured: Measured): Cell {
  if (!(took > 0)) return '';
  const last = attempts > 1 && measured !== undefined ? measured.attempt_seconds : undefined;
  return html`${formatDuration(took * 1000)}${last === undefined ? undefined : html`<small>the last ${formatDuration(last * 1000)}</small>`}`;
}

function trendCell(trend: TaskTrend | undefined): Cell {
  return trend === undefined ? '' : trendMarkup(trend);
}

function secondsCell(seconds: number | undefined): string {
  return seconds === undefined ? '' : formatDuration(seconds * 1000);
}

function numberCell(value: number | undefined): string {
  return value === undefined ? '' : formatNumber(value);
}

function failedFirst(results: readonly TaskRow[]): readonly TaskRow[] {
  const order: readonly string[] = Object.values(taskDisplays).map(({ word }) => word);
  const rank = (row: TaskRow) => order.indexOf(resultDisplay(row, false).word);
  return results.toSorted((one, other) => rank(one) - rank(other));
}
