import { type Summary, summarise } from '../../display/run-summary.ts';
import { taskDisplay } from '../../display/states/task-display.ts';
import { describeOutcome, displayText, isOutcome } from '../../engine/index.ts';
import { factLines, findingLine, verdictLine } from './closing-lines.ts';
import { paintIcon } from './line-layout.ts';
import { outputLines } from './output-lines.ts';
import { regressionLines } from './regression-lines.ts';
import type { ReporterContext, RunEnd } from './reporter.ts';

const maxLines = 20;
const maxOutputLines = 10;
const maxSlower = 4;

/**
 * What stays on the terminal when the screen is left: what failed, with the end of its output, the verdict, and where
 * everything is written. The screen has shown the rest.
 */
export function screenSummary(end: RunEnd, context: ReporterContext): readonly string[] {
  const summary = summarise(end.state);
  const closing = [verdictLine(summary, end, context.style), ...factLines(summary, end, context)];
  const slower = regressionLines(end.regressions, maxSlower, context.style);
  const room = maxLines - closing.length - slower.length - 1;
  const checks = checkLines(summary, end, summary.failed.length > 0 ? Math.floor(room / 2) : room, context);
  const tasks = failureLines(summary, room - checks.length, end, context);
  const before = [...tasks, ...checks, ...slower];
  return [...before, ...(before.length > 0 ? [''] : []), ...closing];
}

/** The checks that failed or had an error, as many as there is room for. */
function checkLines(
  { checks }: Summary,
  { state }: RunEnd,
  room: number,
  { style }: ReporterContext,
): readonly string[] {
  const wrong = checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  const shown = wrong.length > room ? wrong.slice(0, room - 1) : wrong;
  const more = wrong.length - shown.length;
  return [
    ...shown.map((result) => findingLine(result, state, style)),
    ...(more > 0 ? [`  and ${more} more checks`] : []),
  ];
}

/** The failed tasks, as many as there is room for, each with its last lines of output. */
function failureLines({ failed }: Summary, room: number, end: RunEnd, context: ReporterContext): readonly string[] {
  if (failed.length === 0) return [];
  const { style } = context;
  const shown = failed.slice(0, Math.max(1, failed.length > room ? room - 1 : failed.length));
  const outputRows = Math.min(maxOutputLines, Math.floor((room - shown.length) / shown.length) - 1);
  const lines = shown.flatMap(({ task, state }) => {
    const outcome = isOutcome(state) ? describeOutcome(state, end.state, end.state.plan.indexOf.get(task)!) : '';
    const head = `${paintIcon(taskDisplay('failed'), style)} ${style.paint.bold(displayText(task))} ${displayText(outcome)}`;
    if (outputRows < 1 || (state.kind !== 'failed' && state.kind !== 'timed-out')) return [head];
    const output = outputLines(context.tail(task, state.attempt), outputRows);
    const path = context.logPath(task, state.attempt);
    const log = output.length === 0 || path === undefined ? [] : [`  ${context.shown(path)}`];
    return [
      head,
      ...[...output.map((line) => `  ${style.glyphs.bar} ${line}`), ...log].map((line) => style.paint.dim(line)),
    ];
  });
  const more = failed.length - shown.length;
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}
