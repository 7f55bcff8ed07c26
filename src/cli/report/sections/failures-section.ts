import { formatCount, formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { nameList } from '../../../display/format/name-list.ts';
import { resultDisplay } from '../../../display/states/result-display.ts';
import { taskDisplay } from '../../../display/states/task-display.ts';
import { clip, type Html, html } from '../html.ts';
import { type ReportSource, type Section, stateMarkup, type TaskRow } from '../parts.ts';

/** How many failed tasks are shown with their output, and how much of it. */
export const shownOutput = { tasks: 50, lines: 40 };

const maxReasons = 30;
const maxNames = 20;
const lineCharacters = 500;

/** What failed, with the end of its output, and what was not run because of it. */
export function failuresSection(source: ReportSource): Section | undefined {
  const { results } = source.report.result;
  const failed = results.filter(({ status }) => status === 'failed' || status === 'timeout');
  const notRun = results.filter((row) => resultDisplay(row, false).word === taskDisplay('not-run').word);
  if (failed.length + notRun.length === 0) return undefined;
  const shown = failed.slice(0, shownOutput.tasks);
  const more = failed.length - shown.length;
  const body = html`${shown.map((row) => failureMarkup(row, source))}${
    more > 0 ? html`<p>and ${formatCount(more, 'more failed task', 'more failed tasks')}, listed below</p>` : undefined
  }${notRunMarkup(notRun)}`;
  return { id: 'failures', title: failed.length > 0 ? 'What failed' : 'What was not run', body };
}

function failureMarkup(row: TaskRow, { output, shown }: ReportSource): Html {
  const { task, error, attempts, duration_seconds: took, log, host } = row;
  const lines = output.get(task) ?? [];
  const facts = [
    formatCount(attempts, 'attempt'),
    formatDuration(took * 1000),
    ...(host === undefined ? [] : [`on ${host}`]),
  ];
  const end =
    lines.length === 0
      ? html`<p class="muted">It printed nothing.</p>`
      : html`<pre>${lines.map(
          (line) => html`${clip(line, lineCharacters)}
`,
        )}</pre>`;
  return html`<article><h3>${task} ${stateMarkup(resultDisplay(row, false))}</h3>
<p>${clip(error ?? '')} <span class="muted">(${facts.join(', ')})</span></p>
${end}${log === undefined ? undefined : html`<p class="muted">log: <code>${shown(log)}</code></p>`}</article>
`;
}

/** By the reason, which is always the root of it. */
function notRunMarkup(rows: readonly TaskRow[]): Html | undefined {
  if (rows.length === 0) return undefined;
  const groups = new Map<string, string[]>();
  for (const { task, error } of rows) {
    const reason = String(error ?? '').replace(/^(?:not run|cancelled): /, '');
    groups.set(reason, [...(groups.get(reason) ?? []), task]);
  }
  const shown = [...groups].slice(0, maxReasons);
  const more = groups.size - shown.length;
  return html`<h3>Not run: ${formatCount(rows.length, 'task')}</h3>
<ul>${shown.map(
    ([reason, tasks]) => html`<li>${nameList(tasks, maxNames)}: ${clip(reason)}</li>
`,
  )}${more > 0 ? html`<li>and ${formatNumber(more)} more reasons</li>` : undefined}</ul>
`;
}
