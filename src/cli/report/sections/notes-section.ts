import { formatNumber } from '../../../display/format/format-count.ts';
import { staleResultText } from '../../../display/staleness-text.ts';
import { taskDisplay } from '../../../display/states/task-display.ts';
import { clip, type Html, html } from '../html.ts';
import { type ReportSource, type Section, stateMarkup } from '../parts.ts';

const maxNotes = 50;

/** What a reader should know although it kept nothing from ending well. */
export function notesSection({ report }: ReportSource): Section | undefined {
  const degraded = report.result.results.flatMap(({ task, degraded }) =>
    degraded === undefined ? [] : [html`${stateMarkup(taskDisplay('degraded'))} ${task}: ${clip(String(degraded))}`],
  );
  const stale = report.result.results.flatMap((row) =>
    row.stale === undefined || row.degraded !== undefined
      ? []
      : [html`${stateMarkup(taskDisplay('stale'))} ${row.task}: ${clip(staleResultText(row.stale, row.task))}`],
  );
  // That a file of the results is missing concerns who has the files.
  const notices = report.notices.filter(({ code }) => code !== 'run/no-result');
  const notes: readonly Html[] = [...notices.map(({ message }) => html`${clip(message)}`), ...degraded, ...stale];
  if (notes.length === 0) return undefined;
  const shown = notes.slice(0, maxNotes);
  const more = notes.length - shown.length;
  const body = html`<ul>${shown.map(
    (note) => html`<li>${note}</li>
`,
  )}${more > 0 ? html`<li>and ${formatNumber(more)} more</li>` : undefined}</ul>
`;
  return { id: 'notes', title: 'Notes', body };
}
