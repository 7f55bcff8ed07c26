import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMoment } from '../../display/format/format-moment.ts';
import { formatChange } from '../../display/regression-text.ts';
import { storedRunDisplay } from '../../display/states/run-display.ts';
import { displayText, type StoredComparison, type TaskComparison } from '../../engine/index.ts';
import { shortenMiddle } from '../output/shorten.ts';
import type { Style } from '../output/style.ts';
import { tableLines } from '../output/table.ts';

/** What the table of tasks has beside names: three durations, a share, and the space between. */
const besideNames = 2 + 3 * (2 + 8) + 2 + 6;
const maxNameWidth = 32;
const maxTasks = 200;

/** A run beside an earlier one, for people: the whole, what differs in parameters and pipeline, then task by task. */
export function comparisonLines(
  comparison: StoredComparison,
  style: Style,
  columns = Number.POSITIVE_INFINITY,
): readonly string[] {
  const { run, against } = comparison;
  const names = [...new Set([run.pipeline, against.pipeline])];
  const sections = [
    [style.paint.bold(displayText(`${names.join(' and ')}: run ${run.run_id} against ${against.run_id}`))],
    wholeLines(comparison, style),
    titled('Parameters', paramLines(comparison, style)),
    pipelineLines(comparison),
    taskLines(comparison, style, columns),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function wholeLines(comparison: StoredComparison, { paint }: Style): readonly string[] {
  const { run, against, status } = comparison;
  const both = [against, run];
  const pace = both.map(({ sequential, max_parallel: most }) =>
    sequential ? 'one at a time' : `up to ${most} at once`,
  );
  const rows = [
    ['', 'against', 'run', 'change'],
    ['started', ...both.map(({ started_at: at }) => formatMoment(Date.parse(at)))],
    ['status', storedRunDisplay(status.against, against.verdict).word, storedRunDisplay(status.run, run.verdict).word],
    [
      'duration',
      ...both.map(({ total_duration_seconds: took }) => formatDuration(took * 1000)),
      changeText(comparison),
    ],
    ...(pace[0] === pace[1] ? [] : [['pace', ...pace]]),
  ];
  const [head = '', ...lines] = tableLines(rows);
  return [paint.dim(head), ...lines];
}

function paramLines({ params }: StoredComparison, { glyphs }: Style): readonly string[] {
  const rows = params.map(({ name, run, against }) => [
    displayText(name),
    displayText(`${against ?? '(none)'} ${glyphs.arrow} ${run ?? '(none)'}`),
  ]);
  return tableLines(rows);
}

const words = { added: 'new', removed: 'gone', changed: 'changed' } as const;

/** What has changed in what runs; nothing when it is the same. */
function pipelineLines({ plan_changed, pipeline_changes: changes, run, against }: StoredComparison): readonly string[] {
  if (!plan_changed) return ['Pipeline: the same plan'];
  const title = `Pipeline: a different plan (${against.plan_hash}, now ${run.plan_hash})`;
  if (changes === undefined) return [title, '  the changes are unknown: a stored copy of the pipeline was deleted'];
  if (changes.length === 0) return [title, '  the same pipeline with other tasks selected'];
  const rows = changes.map(({ part, name, change, keys = [] }) => [
    part === 'pipeline' ? 'the pipeline' : displayText(`${part} ${name}`),
    keys.length === 0 ? words[change] : `${words[change]}: ${displayText(keys.join(', '))}`,
  ]);
  return [title, ...tableLines(rows).map((line) => `  ${line}`)];
}

function taskLines({ tasks }: StoredComparison, style: Style, columns: number): readonly string[] {
  const shown = tasks.slice(0, maxTasks);
  const width = Math.max(8, Math.min(maxNameWidth, columns - besideNames));
  const rows = shown.map((task) => [
    shortenMiddle(displayText(task.task), width, style.glyphs.ellipsis),
    seconds(task.against?.seconds),
    seconds(task.run?.seconds),
    task.difference_seconds === undefined ? '' : signed(task.difference_seconds),
    task.change === undefined ? '' : formatChange(task.change),
    displayText(notesOf(task, style.glyphs.arrow).join(', ')),
  ]);
  const head = ['task', 'against', 'run', 'change', '', ''];
  const [first = '', ...lines] = tableLines([head, ...rows], [1, 2, 3, 4]);
  const more = tasks.length - shown.length;
  const rest = more === 0 ? [] : [`and ${formatCount(more, 'more task')}; --json has all of them`];
  return [style.paint.dim(first), ...lines, ...rest];
}

/** What is different beside the duration. */
function notesOf({ run, against }: TaskComparison, arrow: string): readonly string[] {
  if (run === undefined) return ['not in this run'];
  if (against === undefined) return ['new in this run'];
  const different = (before: string | undefined, now: string | undefined, label: string) =>
    before === now ? [] : [`${label}${before ?? 'unknown'} ${arrow} ${now ?? 'unknown'}`];
  const count = (value: number | undefined) => (value === undefined ? undefined : formatNumber(value));
  return [
    ...different(statusOf(against), statusOf(run), ''),
    ...different(count(against.rows), count(run.rows), 'rows '),
    ...(run.attempts === 0 || against.attempts === 0
      ? []
      : different(count(against.attempts), count(run.attempts), 'attempts ')),
  ];
}

function statusOf({ status, degraded }: NonNullable<TaskComparison['run']>): string {
  if (degraded !== undefined) return 'degraded';
  return status === 'upstream_failed' ? 'not run' : status.replaceAll('_', ' ');
}

function changeText({ difference_seconds: seconds = 0, change }: StoredComparison): string {
  return `${signed(seconds)}${change === undefined ? '' : ` (${formatChange(change)})`}`;
}

function signed(seconds: number): string {
  const text = formatDuration(Math.abs(seconds) * 1000);
  return text === '0.0s' ? text : `${seconds < 0 ? '-' : '+'}${text}`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '-' : formatDuration(value * 1000);
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
