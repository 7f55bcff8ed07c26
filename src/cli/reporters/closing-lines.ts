import { formatCount } from '../../display/format-count.ts';
import { formatDuration } from '../../display/format-duration.ts';
import { nameList } from '../../display/name-list.ts';
import { type CheckResult, displayText, type ExitVerdict, type TaskId } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { type EventLine, eventLine, type Severity } from './event-line.ts';
import { icon } from './line-layout.ts';
import type { ReporterContext, RunEnd } from './reporter.ts';
import { describeChecks, describeTally, type Summary, summarise } from './summary.ts';

const maxLevels = 20;
const maxFailed = 20;
const maxNames = 12;

/**
 * What stands at the end of a log, where people look first: how the levels went, what failed and why, what did not run,
 * and in the last lines the verdict and where everything is written.
 */
export function closingLines(end: RunEnd, scene: ReporterContext): readonly string[] {
  const summary = summarise(end.state);
  const sections = [
    levelLines(summary),
    failedLines(summary, end, scene),
    section('Not run', notRunLines(summary), scene.style, 'notRun'),
    section('Degraded', degradedLines(summary), scene.style, 'warned'),
    checkLines(summary, scene.style),
    [verdictLine(summary, end, scene.style), ...factLines(summary, end, scene)],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => ['', ...lines]);
}

function levelLines({ levels }: Summary): readonly string[] {
  if (levels.length === 0 || levels.length > maxLevels) return [];
  const rows = levels.map(({ name, tally, tookMs }) => ({
    name: displayText(name),
    tally: describeTally(tally),
    took: tookMs === undefined ? '' : formatDuration(tookMs),
  }));
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const tallyWidth = Math.max(...rows.map(({ tally }) => tally.length));
  return rows.map(({ name, tally, took }) =>
    `${name.padEnd(nameWidth)}  ${tally.padEnd(tallyWidth)}  ${took.padStart(7)}`.trimEnd(),
  );
}

function failedLines({ failed }: Summary, { state }: RunEnd, scene: ReporterContext): readonly string[] {
  const lines = failed.slice(0, maxFailed).flatMap(({ task, state: outcome }) => {
    if (outcome.kind !== 'failed' && outcome.kind !== 'timed-out') return [];
    const line = eventLine({ type: 'task.finished', at: state.finishedAt!, task, outcome }, state);
    const log =
      scene.tail(task, outcome.attempt).merged === '' ? [] : [`  ${scene.shown(scene.logPath(task, outcome.attempt))}`];
    return [`${displayText(task)}: ${reasonOf(line)}`, ...log];
  });
  const more = failed.length > maxFailed ? [`and ${failed.length - maxFailed} more`] : [];
  return section('Failed', [...lines, ...more], scene.style, 'failed');
}

function reasonOf(line: EventLine | undefined): string {
  return displayText(line?.details.join(', ') ?? '');
}

function notRunLines({ notRun }: Summary): readonly string[] {
  const groups: readonly (readonly [string, readonly TaskId[]])[] = [...notRun];
  return groups.map(([cause, tasks]) => displayText(`${nameList(tasks, maxNames)}: ${cause}`));
}

function degradedLines({ degraded }: Summary): readonly string[] {
  return degraded.map(({ task, note }) => displayText(`${task}: ${note}`));
}

function checkLines({ checks }: Summary, style: Style): readonly string[] {
  const lines = checks.filter(({ verdict }) => verdict !== 'pass').map((result) => findingLine(result, style));
  return lines.length === 0 ? [] : ['Checks', ...lines.map((line) => `  ${line}`)];
}

/** A check that did not pass, with what it found. */
export function findingLine({ check, verdict, summary }: CheckResult, style: Style): string {
  const tone = verdict === 'warn' ? 'warned' : verdict === 'fail' ? 'data' : 'failed';
  return `${icon(tone, style)} ${displayText(check)}: ${displayText(summary)}`;
}

function section(title: string, lines: readonly string[], style: Style, tone: Severity): readonly string[] {
  if (lines.length === 0) return [];
  const [sign, indent] = [icon(tone, style), '    '];
  return [
    title,
    ...lines.map((line) => (line.startsWith('  ') ? `${indent}${line.trimStart()}` : `  ${sign} ${line}`)),
  ];
}

/** Before and behind the time that the run took. */
const formatVerdictLine: Readonly<Record<ExitVerdict, readonly [string, string]>> = {
  success: ['succeeded', ''],
  'task-failed': ['failed', ''],
  'check-failed': ['ran', ', but its data is wrong'],
  cancelled: ['was cancelled', ''],
};

const verdictSeverities: Readonly<Record<ExitVerdict, Severity>> = {
  success: 'succeeded',
  'task-failed': 'failed',
  'check-failed': 'data',
  cancelled: 'notRun',
};

export function verdictLine(summary: Summary, { state, verdict }: RunEnd, style: Style): string {
  const [words, rest] = formatVerdictLine[verdict];
  const title = style.paint.bold(`${displayText(state.plan.pipeline.name)} ${words}`);
  const but = verdict === 'success' ? remarks(summary) : rest;
  return `${icon(verdictSeverities[verdict], style)} ${title} in ${formatDuration(summary.tookMs)}${but}`;
}

/** What a success leaves to be looked at. */
function remarks({ checks, degraded }: Summary): string {
  const warned = checks.filter(({ verdict }) => verdict === 'warn').length;
  const parts = [
    ...(warned > 0 ? [formatCount(warned, 'warning')] : []),
    ...(degraded.length > 0 ? [formatCount(degraded.length, 'degraded task')] : []),
  ];
  return parts.length === 0 ? '' : `, with ${parts.join(' and ')}`;
}

export function factLines(
  { tally, checks }: Summary,
  { files }: RunEnd,
  { shown, style }: ReporterContext,
): readonly string[] {
  const place = (path: string | undefined) => (path === undefined ? 'not written' : style.paint.dim(shown(path)));
  const rows = [
    ['tasks', describeTally(tally)],
    ...(checks.length > 0 ? [['checks', `${describeChecks(checks)}  ${place(files.consistency)}`]] : []),
    ['result', place(files.result)],
    ['logs', place(files.directory)],
  ];
  return rows.map(([label, text]) => `  ${label!.padEnd(6)}  ${text}`);
}
