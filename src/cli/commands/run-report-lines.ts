import { formatCount, formatTally } from '../../display/format-count.ts';
import { formatDuration } from '../../display/format-duration.ts';
import { formatMoment } from '../../display/format-moment.ts';
import { displayText, type RunReport } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';
import type { Severity } from '../reporters/event-line.ts';
import { icon, lineLayout, paintSeverity } from '../reporters/line-layout.ts';
import { statusSeverity } from '../run-status.ts';

type TaskRow = RunReport['result']['results'][number];

export type ReportContext = {
  readonly style: Style;
  /** A path as people should see it, safe on a terminal. */
  readonly shown: (path: string) => string;
};

/** Of a larger run only what did not go well is listed. */
const maxTasks = 200;
const maxSlowest = 5;

/** A run for people: the verdict, its levels, tasks and checks, what was slow, what failed and why, where all is kept. */
export function runReportLines(
  report: RunReport,
  lastOutput: ReadonlyMap<string, readonly string[]>,
  scene: ReportContext,
): readonly string[] {
  const { style } = scene;
  const sections = [
    headLines(report, style),
    titled('Levels', levelLines(report)),
    titled('Tasks', taskLines(report, style)),
    titled('Checks', checkLines(report, style)),
    titled('Slowest', slowestLines(report.result.results)),
    titled('Failed', failureLines(report.result.results, lastOutput, scene)),
    placeLines(report, scene),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

const statusWords: Readonly<Record<RunReport['status'], string>> = {
  success: 'succeeded',
  failed: 'failed',
  cancelled: 'was cancelled',
  running: 'is running',
  interrupted: 'was interrupted',
  damaged: 'has a damaged journal, and was under way',
};

function headLines({ status, result, performance }: RunReport, style: Style): readonly string[] {
  const { pipeline, run_id, started_at, total_duration_seconds: took, sequential, max_parallel, results } = result;
  const isWrongData = result.verdict === 'check-failed' && status === 'failed';
  const words = isWrongData ? 'ran' : statusWords[status];
  const tone = isWrongData ? 'data' : statusSeverity(status);
  const time = status === 'running' ? 'for' : status === 'interrupted' || status === 'damaged' ? 'after' : 'in';
  const title = style.paint.bold(`${displayText(pipeline)} ${words}`);
  const pace = sequential ? 'one task at a time' : `up to ${max_parallel} at once`;
  const facts = [`run ${run_id}`, `started ${formatMoment(Date.parse(started_at))}`, pace];
  const speedup =
    performance?.speedup === undefined ? [] : [`${performance.speedup.toFixed(1)} times as fast as one by one`];
  const used = [
    ...(performance?.peak_cpu === undefined ? [] : [`CPU ${percent(performance.peak_cpu)}`]),
    ...(performance?.peak_memory === undefined ? [] : [`memory ${percent(performance.peak_memory)}`]),
    ...(performance?.peak_connections === undefined ? [] : [formatCount(performance.peak_connections, 'connection')]),
  ];
  return [
    `${icon(tone, style)} ${title} ${time} ${formatDuration(took * 1000)}${isWrongData ? ', but its data is wrong' : ''}`,
    style.paint.dim(`  ${facts.join(', ')}`),
    `  ${[tallyOf(results, status === 'running'), ...speedup].join(', ')}`,
    ...(used.length === 0 ? [] : [`  at most ${used.join(', ')}`]),
  ];
}

function levelLines({ result: { results }, status }: RunReport): readonly string[] {
  const levels = new Map<string, TaskRow[]>();
  for (const row of results)
    if (row.level !== undefined) levels.set(row.level, [...(levels.get(row.level) ?? []), row]);
  const rows = [...levels].map(([level, members]) => [
    displayText(level),
    tallyOf(members, status === 'running'),
    spanOf(members),
  ]);
  return tableLines(rows, [2]);
}

/** From the first start to the last end. */
function spanOf(rows: readonly TaskRow[]): string {
  const starts = rows.flatMap(({ started_at: at }) => (at === undefined ? [] : [Date.parse(at)]));
  const ends = rows.flatMap(({ started_at, completed_at: at }) =>
    started_at === undefined || at === undefined ? [] : [Date.parse(at)],
  );
  return ends.length === 0 ? '' : formatDuration(Math.max(...ends) - Math.min(...starts));
}

function taskLines({ result: { results }, status }: RunReport, style: Style): readonly string[] {
  const shown = results.length <= maxTasks ? results : results.filter(({ status }) => status !== 'success');
  const layout = lineLayout(
    shown.map(({ task }) => task),
    style,
  );
  const lines = shown.slice(0, maxTasks).map((row) => {
    const { tone, word } = faceOf(row, status === 'running');
    const took =
      row.started_at === undefined || row.completed_at === undefined ? {} : { tookMs: row.duration_seconds * 1000 };
    return layout({ severity: tone, name: row.task, word, ...took, details: detailsOf(row, status === 'running') });
  });
  const left = results.length - lines.length;
  return left === 0 ? lines : [...lines, `and ${formatCount(left, 'more task', 'more tasks')}; --json has all of them`];
}

function detailsOf(row: TaskRow, isRunning: boolean): readonly string[] {
  const { error, degraded, rows, attempts, completed_at } = row;
  // What kept a task from its end is not known before the end of the run.
  const isOpen = isRunning && completed_at === undefined;
  return [
    ...(degraded === undefined ? [] : [degraded]),
    ...(error === null || isOpen ? [] : [error.replace(/^(?:not run|cancelled|not known): /, '')]),
    ...(rows === undefined ? [] : [formatCount(rows, 'row')]),
    ...(attempts > 1 ? [formatCount(attempts, 'attempt')] : []),
  ];
}

/** A task that its run has left, or not come to yet, has no end. */
function faceOf(
  { status, degraded, started_at, completed_at, error }: TaskRow,
  isRunning: boolean,
): { readonly tone: Severity; readonly word: string } {
  switch (status) {
    case 'success':
      return degraded === undefined ? { tone: 'succeeded', word: 'succeeded' } : { tone: 'warned', word: 'degraded' };
    case 'failed':
      return { tone: 'failed', word: 'failed' };
    case 'timeout':
      return { tone: 'failed', word: 'timed out' };
    case 'skipped':
      return { tone: 'notRun', word: 'skipped' };
    case 'upstream_failed':
      return { tone: 'notRun', word: 'not run' };
    case 'cancelled':
      if (completed_at !== undefined)
        return { tone: 'notRun', word: error?.startsWith('not run:') ? 'not run' : 'cancelled' };
      if (!isRunning) return { tone: 'notRun', word: error?.startsWith('not known:') ? 'not known' : 'unfinished' };
      return { tone: 'plain', word: started_at === undefined ? 'waiting' : 'under way' };
  }
}

function tallyOf(rows: readonly TaskRow[], isRunning: boolean): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const { word } = faceOf(row, isRunning);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return formatTally(wordOrder.map((word) => [counts.get(word) ?? 0, word] as const));
}

const wordOrder = [
  'succeeded',
  'degraded',
  'failed',
  'timed out',
  'not run',
  'skipped',
  'cancelled',
  'unfinished',
  'not known',
  'under way',
  'waiting',
];

function checkLines({ consistency }: RunReport, style: Style): readonly string[] {
  if (consistency === undefined) return [];
  const rows = consistency.checks.map(({ check, status, message }) => {
    const tone: Severity =
      status === 'pass' ? 'succeeded' : status === 'warn' ? 'warned' : status === 'fail' ? 'data' : 'failed';
    return [`${icon(tone, style)} ${displayText(check)}`, paintSeverity(tone, style)(status), displayText(message)];
  });
  const rest = consistency.not_run.map(({ check, reason }) => [
    `${icon('notRun', style)} ${displayText(check)}`,
    'not run',
    displayText(reason),
  ]);
  return tableLines([...rows, ...rest]);
}

function slowestLines(results: readonly TaskRow[]): readonly string[] {
  const ran = results.filter(({ started_at, completed_at }) => started_at !== undefined && completed_at !== undefined);
  if (ran.length < 2) return [];
  const slowest = ran.toSorted((a, b) => b.duration_seconds - a.duration_seconds).slice(0, maxSlowest);
  return tableLines(
    slowest.map(({ task, duration_seconds }) => [displayText(task), formatDuration(duration_seconds * 1000)]),
    [1],
  );
}

function failureLines(
  results: readonly TaskRow[],
  lastOutput: ReadonlyMap<string, readonly string[]>,
  { style, shown }: ReportContext,
): readonly string[] {
  const { paint, glyphs } = style;
  return results.flatMap(({ task, error, log }) => {
    const lines = lastOutput.get(task);
    if (lines === undefined) return [];
    return [
      `${icon('failed', style)} ${displayText(`${task}: ${error ?? ''}`)}`,
      ...lines.map((line) => `  ${paint.dim(glyphs.bar)} ${line}`),
      ...(log === undefined ? [] : [paint.dim(`  log: ${shown(log)}`)]),
    ];
  });
}

function placeLines({ paths, performance, consistency, status }: RunReport, { style, shown }: ReportContext) {
  const hasEnded = status !== 'running' && status !== 'interrupted';
  const rows = [
    ...(hasEnded ? [['result', paths.result]] : []),
    ...(hasEnded && hasChecks(consistency) ? [['checks', paths.consistency]] : []),
    ...(performance === undefined ? [] : [['record', paths.performance]]),
    ['logs', paths.directory],
  ];
  return tableLines(rows.map(([label = '', path = '']) => [label, style.paint.dim(shown(path))]));
}

function hasChecks(consistency: RunReport['consistency']): boolean {
  return consistency !== undefined && consistency.checks.length + consistency.not_run.length > 0;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
