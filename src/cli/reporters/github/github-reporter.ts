import { randomBytes } from 'node:crypto';
import { formatClock } from '../../../display/format/format-duration.ts';
import { resumeLines } from '../../../display/resume-text.ts';
import { displayText, type RunEvent, type RunState } from '../../../engine/index.ts';
import { closingLines } from '../closing-lines.ts';
import { type EventLine, entryOf, eventLine } from '../event-line.ts';
import { foldInstances } from '../fold-instances.ts';
import { foldNotRun } from '../fold-not-run.ts';
import { type LineLayout, lineLayout, namesOf } from '../line-layout.ts';
import { outputLines } from '../output-lines.ts';
import type { Reporter, ReporterContext } from '../reporter.ts';
import { createSlaNews, slaLine } from '../sla-news.ts';
import { githubCommand, maxAnnotations } from './github-commands.ts';

const maxOutputLines = 200;

/**
 * A log for GitHub Actions: each task's output in a folded group, printed whole when the task ends, and an annotation
 * for each failure. What tasks print is shown, never obeyed.
 */
export function githubReporter(context: ReporterContext): Reporter {
  const printLine = (line: string) => context.write(`${inert(line)}\n`);
  const command = (name: string, properties: Readonly<Record<string, string>>, message: string) => {
    context.write(githubCommand(name, properties, message));
  };
  const annotations = { error: 0, warning: 0 };
  let layout: LineLayout | undefined;
  let startedAt = 0;

  const textOf = (line: EventLine, at: number, state: RunState) => {
    layout ??= lineLayout(namesOf([...state.plan.tasks, ...state.plan.checks]), context.style);
    return `${formatClock(at - startedAt)}  ${layout(line)}`;
  };
  const notRun = foldNotRun((line, at, state) => printLine(textOf(line, at, state)));

  const instances = foldInstances();
  const slaNews = createSlaNews(context.slas);

  const annotate = (
    kind: 'error' | 'warning',
    { name, word, details }: EventLine,
    place: { file: string; line: number },
  ) => {
    annotations[kind] += 1;
    if (annotations[kind] > maxAnnotations) return;
    const title = displayText(name === '' ? word : `${name}: ${word}`);
    command(
      kind,
      { title, file: displayText(context.annotated(place.file)), line: String(place.line) },
      displayText(details.join(', ')),
    );
  };

  return {
    report: (event, state) => {
      if (event.type === 'run.started') {
        startedAt = event.at;
        printLine(
          `${displayText(event.pipeline)}: run ${event.run}${context.database === undefined ? '' : `, ${displayText(context.database)}`}`,
        );
        return;
      }
      if (event.type === 'run.continued') {
        startedAt = event.at;
        printLine(`${displayText(state.plan.pipeline.name)}: run ${context.run} is resumed`);
        for (const line of resumeLines(event)) printLine(displayText(line));
        return;
      }
      if (notRun.folds(event, state)) return;
      const together = instances.lineOf(event, state);
      if (together !== undefined) {
        notRun.flush();
        if (together !== 'hidden') printLine(textOf(together, event.at, state));
        return;
      }
      const line = eventLine(event, state);
      if (line === undefined) return;
      notRun.flush();
      const output = outputOf(event, state, context);
      if (output.length === 0) printLine(textOf(line, event.at, state));
      else {
        const token = randomBytes(16).toString('hex');
        command('group', {}, inert(textOf(line, event.at, state)));
        context.write(`::stop-commands::${token}\n${output.join('\n')}\n::${token}::\n::endgroup::\n`);
      }
      const kind = severityOf(line);
      const place = placeOf(event, state);
      if (kind !== undefined && place !== undefined) annotate(kind, line, place);
    },
    onTick: (now, state) => {
      for (const sla of slaNews(state)) printLine(textOf(slaLine(sla, state), now, state));
    },
    onEnd: (end) => {
      notRun.flush();
      for (const line of closingLines(end, context)) printLine(line);
    },
  };
}

function outputOf(event: RunEvent, state: RunState, context: ReporterContext): readonly string[] {
  if (event.type !== 'task.finished') return [];
  const { task, outcome } = event;
  const attempt = 'attempt' in outcome ? outcome.attempt : entryOf(state, task).attempts;
  if (attempt === 0) return [];
  const lines = outputLines(context.tail(task, attempt), maxOutputLines);
  const log = context.logPath(task, attempt);
  return lines.length === 0 || log === undefined ? lines : [...lines, `(log: ${context.shown(log)})`];
}

function severityOf({ severity }: EventLine): 'error' | 'warning' | undefined {
  if (severity === 'failure' || severity === 'wrongData') return 'error';
  return severity === 'warning' ? 'warning' : undefined;
}

function placeOf(event: RunEvent, { plan }: RunState): { readonly file: string; readonly line: number } | undefined {
  if (event.type === 'task.finished') return plan.tasks[plan.indexOf.get(event.task)!]!.spec.at;
  if (event.type === 'run.draining' && event.reason.kind === 'run-limit') return { file: plan.pipeline.file, line: 1 };
  if (event.type !== 'check.finished') return undefined;
  return plan.checks.find(({ spec }) => spec.name === event.result.check)?.spec.at;
}

/** A line that the runner takes for text, whatever names and values it holds. */
function inert(line: string): string {
  return line.replace(/##(?=\w*\[)/g, '## ').replace(/^(\s*):(?=:)/, '$1: ');
}
