import { formatDuration } from '../../../display/format/format-duration.ts';
import { waitWords } from '../../../display/states/wait-display.ts';
import type { WaitCause } from '../../../engine/index.ts';
import { type Html, html } from '../html.ts';
import { percent, type ReportSource, type Section, type TaskRow, table } from '../parts.ts';

const maxTasks = 10;
type Waits = Readonly<Partial<Record<string, number>>>;

/** How long tasks waited although they could have run, and for what. */
export function waitsSection({ report }: ReportSource): Section | undefined {
  const waits = entriesOf(report.performance?.waiting_seconds ?? {});
  const total = waits.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (total === 0) return undefined;
  const causes = table(
    'What tasks waited for',
    [
      { title: 'waited for' },
      { title: 'all tasks together', kind: 'number' },
      { title: 'share', kind: 'number' },
      { title: '' },
    ],
    waits.map(([cause, seconds]) => [
      wordsOf(cause),
      formatDuration(seconds * 1000),
      percent(seconds / total),
      shareMarkup(seconds / total),
    ]),
  );
  return { id: 'waits', title: 'Waiting', body: html`${causes}${longestMarkup(report.result.results)}` };
}

/** Waiting for what is upstream is how a graph works, so that it does not count here. */
function longestMarkup(results: readonly TaskRow[]): Html | undefined {
  const rows = results
    .map(({ task, waiting_seconds = {} }) => {
      const waits = entriesOf(waiting_seconds).filter(([cause]) => cause !== 'dependency');
      return { task, waits, seconds: waits.reduce((sum, [, seconds]) => sum + seconds, 0) };
    })
    .filter(({ seconds }) => seconds >= 0.05)
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, maxTasks);
  if (rows.length === 0) return undefined;
  return html`<h3>Longest waits besides those for upstream tasks</h3>
${table(
  'The longest waits',
  [{ title: 'task' }, { title: 'waited', kind: 'number' }, { title: 'for', kind: 'long' }],
  rows.map(({ task, seconds, waits }) => [
    task,
    formatDuration(seconds * 1000),
    waits.map(([cause, part]) => `${wordsOf(cause)} ${formatDuration(part * 1000)}`).join(', '),
  ]),
)}`;
}

function entriesOf(waits: Waits): readonly (readonly [string, number])[] {
  return Object.entries(waits)
    .flatMap(([cause, seconds]) => (typeof seconds === 'number' && seconds > 0 ? [[cause, seconds] as const] : []))
    .toSorted(([, one], [, other]) => other - one);
}

/** Results are files, which may be of a newer version. */
function wordsOf(cause: string): string {
  return waitWords[cause as WaitCause] ?? cause;
}

function shareMarkup(share: number): Html {
  return html`<svg class="share" aria-hidden="true"><rect width="${share * 100}%" height="100%"/></svg>`;
}
