import { formatCount } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { formatMoment } from '../../../display/format/format-moment.ts';
import { nameList } from '../../../display/format/name-list.ts';
import { paramList } from '../../../display/format/param-list.ts';
import { paceText } from '../../../display/pace-text.ts';
import { describeRegression } from '../../../display/regression-text.ts';
import { describeChecks, describeTally, type Summary, summarise } from '../../../display/run-summary.ts';
import { judgedStale } from '../../../display/staleness-text.ts';
import { checkNotRun, verdictDisplays } from '../../../display/states/check-display.ts';
import { unicodeIcons } from '../../../display/states/icons.ts';
import { exitDisplays } from '../../../display/states/run-display.ts';
import { describeSlas, slaDisplay } from '../../../display/states/sla-display.ts';
import type { Diagnostic } from '../../../engine/index.ts';
import { verdictSentence } from '../closing-lines.ts';
import { outputLines } from '../output-lines.ts';
import type { ReporterContext, RunEnd } from '../reporter.ts';
import { markdownCode, markdownOutput, markdownTable, markdownText, stateText } from './markdown.ts';
import { taskRows } from './summary-tasks.ts';

/** The summary of a step, and a shorter one for when there is little room left for it. */
export type StepSummary = { readonly whole: string; readonly short: string };

const maxChecks = 100;
const maxFailed = 10;
const maxReasons = 20;
const maxNames = 12;
const maxWarnings = 20;
const linesOfFailure = 20;

/** How a run ended, for the page of the workflow: what failed and why comes first. */
export function stepSummary(end: RunEnd, warnings: readonly Diagnostic[], context: ReporterContext): StepSummary {
  const summary = summarise(end.state);
  const head = headLines(end, summary);
  const sections = [
    head,
    titled('Failed', failedLines(summary, context)),
    titled('Failed, tolerated', failedLines({ failed: summary.tolerated }, context)),
    titled('Not run', groupLines(summary.notRun)),
    titled('Checks', checkLines(end, summary)),
    titled('SLAs', slaLines(end)),
    titled('Slower than usual', slowerLines(end)),
    titled('Degraded', degradedLines(summary)),
    titled('Stale', groupLines(summary.stale)),
    titled('Warnings', diagnosticLines(warnings)),
    titled('Tasks', taskRows(end.state)),
  ];
  return { whole: textOf(sections), short: textOf([head]) };
}

/** The summary of a run that could not begin. */
export function refusalSummary(mistakes: readonly Diagnostic[]): StepSummary {
  const head = [`## ${unicodeIcons.failed} The run could not start`];
  return { whole: textOf([head, diagnosticLines(mistakes)]), short: textOf([head]) };
}

function headLines(end: RunEnd, summary: Summary): readonly string[] {
  const { state, verdict, slas } = end;
  const { tally, checks, checksNotRun } = summary;
  const [clause, rest] = verdictSentence(summary, end);
  const { sequential } = state.options;
  const params = paramList(state.options.params);
  const counts = [
    `tasks: ${describeTally(tally)}`,
    ...(checks.length + checksNotRun === 0 ? [] : [`checks: ${describeChecks(summary)}`]),
    ...(slas.length === 0 ? [] : [`SLAs: ${describeSlas(slas)}`]),
  ];
  const facts = [
    `run ${markdownCode(state.options.run)}`,
    ...(state.startedAt === undefined ? [] : [`started ${formatMoment(state.startedAt)}`]),
    markdownText(
      paceText(
        sequential,
        state.maxParallel,
        state.hosts?.map(({ name }) => name),
      ),
    ),
    ...(params === '' ? [] : [`with ${markdownText(params)}`]),
  ];
  return [
    `## ${unicodeIcons[exitDisplays[verdict].icon]} ${markdownText(state.plan.pipeline.name)} ${clause} ${rest}`,
    '',
    `${facts.join(', ')}  `,
    counts.join('; '),
  ];
}

/** The last lines of what failed tasks printed; why they failed stands in the table of tasks. */
function failedLines({ failed }: Pick<Summary, 'failed'>, context: ReporterContext): readonly string[] {
  const lines = failed.slice(0, maxFailed).flatMap(({ task, state }) => {
    if (state.kind !== 'failed' && state.kind !== 'timed-out') return [];
    const output = outputLines(context.tail(task, state.attempt), linesOfFailure);
    if (output.length === 0) return [`- ${markdownCode(task)} printed nothing`, ''];
    const path = context.logPath(task, state.attempt);
    const log = path === undefined ? [] : [`log: ${markdownText(context.shown(path))}`];
    const title = `<summary>${markdownCode(task)}, the end of its output</summary>`;
    return [`<details open>${title}`, '', markdownOutput(output), '', ...log, '</details>', ''];
  });
  const more = failed.length - maxFailed;
  return more > 0 ? [...lines, `and ${formatCount(more, 'more failed task', 'more failed tasks')}`] : lines;
}

function groupLines(groups: Summary['notRun']): readonly string[] {
  const lines = [...groups]
    .slice(0, maxReasons)
    .map(([reason, tasks]) => `- ${markdownText(nameList(tasks, maxNames))}: ${markdownText(reason)}`);
  return groups.size > maxReasons ? [...lines, `- and ${groups.size - maxReasons} more reasons`] : lines;
}

/** What did not pass comes first. */
function checkLines({ state }: RunEnd, { checks, checksNotRun: notRun }: Summary): readonly string[] {
  const order = ['fail', 'error', 'warn', 'pass'] as const;
  const sorted = order.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  if (sorted.length + notRun === 0) return [];
  const rows = sorted.slice(0, maxChecks).map(({ check, verdict, summary, durationMs }) => {
    const { icon, word } = verdictDisplays[verdict];
    const found = [summary, ...judgedStale(state, check)].join(', ');
    return [stateText(unicodeIcons[icon], word), markdownCode(check), markdownText(found), formatDuration(durationMs)];
  });
  const more = sorted.length - rows.length;
  return [
    ...markdownTable(['result', 'check', 'finding', 'took'], rows),
    ...(more > 0 ? ['', `and ${formatCount(more, 'more check', 'more checks')}`] : []),
    ...(notRun > 0 ? ['', `${unicodeIcons[checkNotRun.icon]} ${formatCount(notRun, 'check')} not run`] : []),
  ];
}

function slowerLines({ regressions }: RunEnd): readonly string[] {
  const lines = regressions.slice(0, maxReasons).map((one) => `- ${markdownText(describeRegression(one))}`);
  const more = regressions.length - lines.length;
  return more > 0 ? [...lines, `- and ${more} more`] : lines;
}

/** Those that it missed first; there are few. */
function slaLines({ slas, state }: RunEnd): readonly string[] {
  if (slas.length === 0) return [];
  const { onMiss } = state.plan.pipeline.slas;
  const missed = slas.filter(({ status }) => status === 'missed');
  const rows = [...missed, ...slas.filter(({ status }) => status !== 'missed')].map(({ sla, status, message }) => {
    const { icon, word } = slaDisplay(status, onMiss);
    return [stateText(unicodeIcons[icon], word), markdownCode(sla), markdownText(message)];
  });
  return markdownTable(['result', 'SLA', 'finding'], rows);
}

function degradedLines({ degraded }: Summary): readonly string[] {
  const lines = degraded
    .slice(0, maxReasons)
    .map(({ task, note }) => `- ${unicodeIcons.degraded} ${markdownCode(task)}: ${markdownText(note)}`);
  return degraded.length > maxReasons ? [...lines, `- and ${degraded.length - maxReasons} more`] : lines;
}

function diagnosticLines(diagnostics: readonly Diagnostic[]): readonly string[] {
  const lines = diagnostics.slice(0, maxWarnings).map(({ code, message, hint }) => {
    const text = hint === undefined ? message : `${message}; ${hint}`;
    return `- ${markdownCode(code)}: ${markdownText(text)}`;
  });
  return diagnostics.length > maxWarnings ? [...lines, `- and ${diagnostics.length - maxWarnings} more`] : lines;
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines];
}

function textOf(sections: readonly (readonly string[])[]): string {
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n').trimEnd()}\n\n`)
    .join('');
}
