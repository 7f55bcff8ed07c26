import { dirname } from 'node:path';
import { formatDuration } from '../../display/format/format-duration.ts';
import { nameList } from '../../display/format/name-list.ts';
import { describePruning } from '../../display/prune-text.ts';
import { limitClause, remarkClause } from '../../display/run-remarks.ts';
import { describeChecks, describeTally, type Summary, summarise } from '../../display/run-summary.ts';
import { judgedStale } from '../../display/staleness-text.ts';
import { verdictDisplays } from '../../display/states/check-display.ts';
import type { Display } from '../../display/states/display.ts';
import { endingSentence, exitDisplays } from '../../display/states/run-display.ts';
import { describeSlas, slaDisplay } from '../../display/states/sla-display.ts';
import { taskDisplay } from '../../display/states/task-display.ts';
import { type CheckResult, displayText, type PruneReport, type RunState, type TaskId } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { type EventLine, eventLine } from './event-line.ts';
import { paintIcon } from './line-layout.ts';
import { regressionLines } from './regression-lines.ts';
import type { ReporterContext, RunEnd } from './reporter.ts';

const maxLevels = 20;
const maxFailed = 20;
const maxNames = 12;
const maxSlower = 10;

/**
 * What stands at the end of a log, where people look first: the levels, what failed and why, what was not run,
 * and in the last lines the verdict and where everything is written.
 */
export function closingLines(end: RunEnd, context: ReporterContext): readonly string[] {
  const summary = summarise(end.state);
  const sections = [
    levelLines(summary),
    failedLines(summary, end, context),
    toleratedLines(summary, end, context),
    section('Not run', groupLines(summary.notRun), context.style, taskDisplay('not-run')),
    section('Degraded', degradedLines(summary), context.style, taskDisplay('degraded')),
    section('Stale', groupLines(summary.stale), context.style, taskDisplay('stale')),
    checkLines(summary, end, context.style),
    slaLines(end, context.style),
    slowerLines(end, context.style),
    [verdictLine(summary, end, context.style), ...factLines(summary, end, context)],
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

function failedLines({ failed }: Summary, end: RunEnd, context: ReporterContext): readonly string[] {
  return section('Failed', causeLines(failed, end, context), context.style, taskDisplay('failed'));
}

function toleratedLines({ tolerated }: Summary, end: RunEnd, context: ReporterContext): readonly string[] {
  return section('Failed, tolerated', causeLines(tolerated, end, context), context.style, taskDisplay('tolerated'));
}

/** Why each of these tasks failed, and where its output is. */
function causeLines(failed: Summary['failed'], { state }: RunEnd, context: ReporterContext): readonly string[] {
  const lines = failed.slice(0, maxFailed).flatMap(({ task, state: outcome }) => {
    if (outcome.kind !== 'failed' && outcome.kind !== 'timed-out') return [];
    const line = eventLine({ type: 'task.finished', at: state.finishedAt!, task, outcome }, state);
    const log = context.logPath(task, outcome.attempt);
    return [
      `${displayText(task)}: ${reasonOf(line)}`,
      ...(log === undefined || context.tail(task, outcome.attempt).merged === '' ? [] : [`  ${context.shown(log)}`]),
    ];
  });
  const more = failed.length > maxFailed ? [`and ${failed.length - maxFailed} more`] : [];
  return [...lines, ...more];
}

function reasonOf(line: EventLine | undefined): string {
  return displayText(line?.details.join(', ') ?? '');
}

function groupLines(groups: ReadonlyMap<string, readonly TaskId[]>): readonly string[] {
  return [...groups].map(([reason, tasks]) => displayText(`${nameList(tasks, maxNames)}: ${reason}`));
}

function degradedLines({ degraded }: Summary): readonly string[] {
  return degraded.map(({ task, note }) => displayText(`${task}: ${note}`));
}

function checkLines({ checks }: Summary, { state }: RunEnd, style: Style): readonly string[] {
  const lines = checks.filter(({ verdict }) => verdict !== 'pass').map((result) => findingLine(result, state, style));
  return lines.length === 0 ? [] : ['Checks', ...lines.map((line) => `  ${line}`)];
}

/** The SLAs that were not met. */
function slaLines({ slas, state }: RunEnd, style: Style): readonly string[] {
  const { onMiss } = state.plan.pipeline.slas;
  const lines = slas
    .filter(({ status }) => status !== 'met')
    .map(({ sla, status, message }) => {
      const display = slaDisplay(status, onMiss);
      return `  ${paintIcon(display, style)} ${displayText(`${sla} ${display.word}: ${message}`)}`;
    });
  return lines.length === 0 ? [] : ['SLAs', ...lines];
}

function slowerLines({ regressions }: RunEnd, style: Style): readonly string[] {
  const lines = regressionLines(regressions, maxSlower, style);
  return lines.length === 0 ? [] : ['Slower than usual', ...lines.map((line) => `  ${line}`)];
}

/** A check that did not pass, with what it found. */
export function findingLine({ check, verdict, summary }: CheckResult, state: RunState, style: Style): string {
  const found = [summary, ...judgedStale(state, check)].join(', ');
  return `${paintIcon(verdictDisplays[verdict], style)} ${displayText(check)}: ${displayText(found)}`;
}

function section(title: string, lines: readonly string[], style: Style, display: Display): readonly string[] {
  if (lines.length === 0) return [];
  const [icon, indent] = [paintIcon(display, style), '    '];
  return [
    title,
    ...lines.map((line) => (line.startsWith('  ') ? `${indent}${line.trimStart()}` : `  ${icon} ${line}`)),
  ];
}

export function verdictLine(summary: Summary, end: RunEnd, style: Style): string {
  const { state, verdict } = end;
  const [clause, rest] = verdictSentence(summary, end);
  const title = style.paint.bold(`${displayText(state.plan.pipeline.name)} ${clause}`);
  return `${paintIcon(exitDisplays[verdict], style)} ${title} ${rest}`;
}

/** The words after the name of the pipeline: what became of the run, and what a success has to add. */
export function verdictSentence(summary: Summary, { verdict, slas, state }: RunEnd): readonly [string, string] {
  const { phase } = state;
  const reason = phase.kind === 'finished' ? phase.reason : undefined;
  const limit = limitClause(reason?.kind === 'run-limit' ? reason.afterMs : undefined);
  return endingSentence(verdict, summary.tookMs, verdict === 'success' ? remarks(summary, slas) : limit);
}

function remarks({ checks, tolerated, degraded, tally }: Summary, slas: RunEnd['slas']): string {
  return remarkClause({
    warned: checks.filter(({ verdict }) => verdict === 'warn').length,
    tolerated: tolerated.length,
    degraded: degraded.length,
    stale: tally.stale,
    missedSlas: slas.filter(({ status }) => status === 'missed').length,
  });
}

function isNothing({ deleted, errors }: PruneReport): boolean {
  return deleted.length === 0 && errors.length === 0;
}

export function factLines(
  summary: Summary,
  { verdict, files, slas, pruned, runDir }: RunEnd,
  { shown, style, resumeHint }: ReporterContext,
): readonly string[] {
  const { tally, checks, checksNotRun } = summary;
  const place = (path: string | undefined) => (path === undefined ? 'not written' : style.paint.dim(shown(path)));
  const rows = [
    ['tasks', describeTally(tally)],
    ...(checks.length + checksNotRun > 0
      ? [['checks', `${describeChecks(summary)}  ${place(files.consistency)}`]]
      : []),
    ...(slas.length > 0 ? [['SLAs', describeSlas(slas)]] : []),
    ['result', place(files.result)],
    ['logs', place(files.directory)],
    ...(runDir === undefined ? [] : [['run dir', place(runDir)]]),
    ...handoffRow(files.handoffs ?? [], place),
    ...(pruned === undefined || isNothing(pruned) ? [] : [['pruned', describePruning(pruned)]]),
    ...(resumeHint === undefined || !canBeResumed(verdict) ? [] : [['resume', displayText(resumeHint)]]),
  ];
  const width = Math.max(6, ...rows.map(([label]) => label!.length));
  return rows.map(([label, text]) => `  ${label!.padEnd(width)}  ${text}`);
}

/** Of a success nothing is left to do, whatever it missed. */
function canBeResumed(verdict: RunEnd['verdict']): boolean {
  return verdict !== 'success' && verdict !== 'sla-missed';
}

/** One is named, several are counted with their directory. */
function handoffRow(
  [first, ...others]: readonly string[],
  place: (path: string) => string,
): readonly (readonly string[])[] {
  if (first === undefined) return [];
  if (others.length === 0) return [['hand-off', place(first)]];
  return [['hand-offs', `${others.length + 1}  ${place(dirname(first))}`]];
}
