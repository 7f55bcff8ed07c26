import { formatCount } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMoment } from '../../display/format/format-moment.ts';
import { interruptionText } from '../../display/interruption-text.ts';
import { paceText } from '../../display/pace-text.ts';
import { resumedText } from '../../display/resume-text.ts';
import { clauseOfReport } from '../../display/run-remarks.ts';
import { judgedStaleResult, staleResultText } from '../../display/staleness-text.ts';
import { checkNotRun, verdictDisplays } from '../../display/states/check-display.ts';
import { resultDisplay, resultTally } from '../../display/states/result-display.ts';
import { storedRunDisplay, storedRunSentence } from '../../display/states/run-display.ts';
import { slaDisplay } from '../../display/states/sla-display.ts';
import { taskDisplay } from '../../display/states/task-display.ts';
import { awayBetween, displayText, type RunReport, resumeCommand, whyReused } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';
import { lineLayout, paintIcon, paintSeverity } from '../reporters/line-layout.ts';
import { regressionLines } from '../reporters/regression-lines.ts';

type TaskRow = RunReport['result']['results'][number];

export type ReportContext = {
  readonly style: Style;
  /** A path as people should see it, safe on a terminal. */
  readonly shown: (path: string) => string;
  /** As it was named; absent when the logs are where they usually are. */
  readonly logDir?: string;
};

/** Of a larger run only what did not go well is listed. */
const maxTasks = 200;
const maxSlowest = 5;
const maxSlower = 20;

/** A run for people: the verdict, its levels, tasks and checks, what was slow, what failed and why, where its files are. */
export function runReportLines(
  report: RunReport,
  lastOutput: ReadonlyMap<string, readonly string[]>,
  context: ReportContext,
): readonly string[] {
  const { style } = context;
  const sections = [
    headLines(report, style),
    titled('Levels', levelLines(report)),
    titled('Tasks', taskLines(report, style)),
    titled('Checks', checkLines(report, style)),
    titled('SLAs', slaLines(report, style)),
    titled('Slowest', slowestLines(report.result.results)),
    titled('Slower than usual', regressionLines(report.result.regressions ?? [], maxSlower, style)),
    titled('Failed', failureLines(report.result.results, lastOutput, context)),
    placeLines(report, context),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function headLines(report: RunReport, style: Style): readonly string[] {
  const { status, result, performance, interruption } = report;
  const { pipeline, run_id, started_at, total_duration_seconds: took, sequential, max_parallel, results } = result;
  const display = storedRunDisplay(status, result.verdict);
  const remark = clauseOfReport(report);
  const [clause, rest] = storedRunSentence(status, result.verdict, took * 1000, remark);
  const title = style.paint.bold(`${displayText(pipeline)} ${clause}`);
  const facts = [
    `run ${run_id}`,
    `started ${formatMoment(Date.parse(started_at))}`,
    ...resumedText(result.resumed),
    displayText(paceText(sequential, max_parallel, result.hosts)),
  ];
  const speedup =
    performance?.speedup === undefined ? [] : [`${performance.speedup.toFixed(1)} times as fast as one task at a time`];
  const used = [
    ...(performance?.peak_cpu === undefined ? [] : [`CPU ${percent(performance.peak_cpu)}`]),
    ...(performance?.peak_memory === undefined ? [] : [`memory ${percent(performance.peak_memory)}`]),
    ...(performance?.peak_connections === undefined ? [] : [formatCount(performance.peak_connections, 'connection')]),
  ];
  return [
    `${paintIcon(display, style)} ${title} ${rest}`,
    style.paint.dim(`  ${facts.join(', ')}`),
    `  ${[resultTally(results, status === 'running'), ...speedup].join(', ')}`,
    ...(interruption === undefined ? [] : [`  ${displayText(interruptionText(interruption, results.length))}`]),
    ...(used.length === 0 ? [] : [`  at most ${used.join(', ')}`]),
  ];
}

function levelLines({ result: { results, away }, status }: RunReport): readonly string[] {
  const levels = new Map<string, TaskRow[]>();
  for (const row of results)
    if (row.level !== undefined) levels.set(row.level, [...(levels.get(row.level) ?? []), row]);
  const rows = [...levels].map(([level, members]) => [
    displayText(level),
    resultTally(members, status === 'running'),
    spanOf(members, away),
  ]);
  return tableLines(rows, [2]);
}

/** From the first start to the last end, without the times in which nobody carried the run out. */
function spanOf(rows: readonly TaskRow[], away: RunReport['result']['away'] = []): string {
  const starts = rows.flatMap(({ started_at: at }) => (at === undefined ? [] : [Date.parse(at)]));
  const ends = rows.flatMap(({ started_at, completed_at: at }) =>
    started_at === undefined || at === undefined ? [] : [Date.parse(at)],
  );
  if (ends.length === 0) return '';
  const [start, end] = [Math.min(...starts), Math.max(...ends)];
  const times = away.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  return formatDuration(end - start - awayBetween(times, start, end));
}

function taskLines({ result: { results }, status }: RunReport, style: Style): readonly string[] {
  const shown =
    results.length <= maxTasks ? results : results.filter(({ status }) => status !== 'success' && status !== 'reused');
  const layout = lineLayout(
    shown.map(({ task }) => task),
    style,
  );
  const lines = shown.slice(0, maxTasks).map((row) => {
    const took =
      row.started_at === undefined || row.completed_at === undefined ? {} : { tookMs: row.duration_seconds * 1000 };
    return layout({
      ...resultDisplay(row, status === 'running'),
      name: row.task,
      ...took,
      details: detailsOf(row, status === 'running'),
    });
  });
  const left = results.length - lines.length;
  return left === 0 ? lines : [...lines, `and ${formatCount(left, 'more task', 'more tasks')}; --json has all of them`];
}

function detailsOf(row: TaskRow, isRunning: boolean): readonly string[] {
  const { error, degraded, stale, last_failure, rows, attempts, completed_at, resumed } = row;
  const { not_needed, reused, rerun_because, host } = row;
  // What kept a task from its end is not known before the end of the run.
  const isOpen = isRunning && completed_at === undefined;
  return [
    ...(degraded === undefined ? [] : [...(last_failure === undefined ? [] : [last_failure]), degraded]),
    ...(stale === undefined ? [] : [staleResultText(stale, row.task)]),
    ...(error === null || isOpen ? [] : [error.replace(/^(?:not run|cancelled|skipped|unknown): /, '')]),
    ...(not_needed === undefined ? [] : [not_needed]),
    ...(rows === undefined ? [] : [formatCount(rows, 'row')]),
    ...(attempts > 1 ? [formatCount(attempts, 'attempt')] : []),
    ...(host === undefined ? [] : [`on ${host}`]),
    ...(reused === undefined ? [] : [whyReused(reused)]),
    ...(rerun_because === undefined ? [] : [`re-run: ${rerun_because}`]),
    ...(resumed === undefined ? [] : [resumed]),
  ];
}

function checkLines({ consistency }: RunReport, style: Style): readonly string[] {
  if (consistency === undefined) return [];
  const rows = consistency.checks.map(({ check, status, message, stale }) => {
    const display = verdictDisplays[status];
    const word = paintSeverity(display.severity, style)(display.word);
    const found = [message, ...judgedStaleResult(stale)].join(', ');
    return [`${paintIcon(display, style)} ${displayText(check)}`, word, displayText(found)];
  });
  const rest = consistency.not_run.map(({ check, reason }) => [
    `${paintIcon(checkNotRun, style)} ${displayText(check)}`,
    checkNotRun.word,
    displayText(reason),
  ]);
  return tableLines([...rows, ...rest]);
}

/** Whether a missed one made the run fail is in the verdict. */
function slaLines({ result: { slas = [], verdict } }: RunReport, style: Style): readonly string[] {
  const onMiss = verdict === 'sla-missed' ? 'fail' : 'warn';
  return tableLines(
    slas.map(({ sla, status, message }) => {
      const display = slaDisplay(status, onMiss);
      const word = paintSeverity(display.severity, style)(display.word);
      return [`${paintIcon(display, style)} ${displayText(sla)}`, word, displayText(message)];
    }),
  );
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
      `${paintIcon(taskDisplay('failed'), style)} ${displayText(`${task}: ${error ?? ''}`)}`,
      ...lines.map((line) => `  ${paint.dim(glyphs.bar)} ${line}`),
      ...(log === undefined ? [] : [paint.dim(`  log: ${shown(log)}`)]),
    ];
  });
}

function placeLines(
  { paths, runDir, performance, consistency, status, missing, interruption, result: { run_id } }: RunReport,
  { style, shown, logDir }: ReportContext,
) {
  const hasEnded = status !== 'running' && status !== 'interrupted';
  const rows = [
    ...(hasEnded ? [['result', paths.result]] : []),
    ...(hasEnded && hasChecks(consistency) ? [['checks', paths.consistency]] : []),
    ...(performance === undefined ? [] : [['record', paths.performance]]),
    ['logs', paths.directory],
    ...(runDir === undefined ? [] : [['run dir', runDir]]),
  ];
  const places = rows.flatMap(([label = '', path = '']) => (missing.includes(path) ? [] : [[label, shown(path)]]));
  const resume =
    interruption === undefined ? [] : [['resume', displayText(resumeCommand(run_id, interruption.file, logDir))]];
  return tableLines([...places, ...resume].map(([label = '', text = '']) => [label, style.paint.dim(text)]));
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
