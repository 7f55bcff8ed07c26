import { formatCount } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMoment } from '../../display/format/format-moment.ts';
import { type Line, paint, styled } from '../primitives/line.ts';
import type { Theme } from '../theme.ts';

/** A run that did not come to a good end, and what would become of its tasks if it were resumed. */
export type ResumeOffer = {
  readonly pipeline: string;
  readonly run: string;
  readonly status: 'interrupted' | 'failed';
  /** Its end, or the last sign of life of its process; in epoch ms, as `now`. */
  readonly endedAt: number;
  readonly now: number;
  readonly tasks: number;
  /** Those whose results would be kept. */
  readonly reused: number;
  /** Those that would run again, and why; the others have not run yet. */
  readonly again: readonly { readonly task: string; readonly why: string }[];
};

type Size = { readonly columns: number; readonly rows: number };

/**
 * All rows of the screen on which a run is offered, the answers in the last one. What does not fit is left out from the bottom.
 * @param secondsLeft until a new run begins by itself; undefined when it waits
 */
export function offerRows(
  offer: ResumeOffer,
  { columns, rows }: Size,
  secondsLeft: number | undefined,
  theme: Theme,
): readonly string[] {
  if (rows < 1) return [];
  const lines = [...factLines(offer, theme), ...planLines(offer, Math.max(0, rows - fixedRows), theme)];
  const body = Array.from({ length: rows - 1 }, (_, row) => paint(lines[row] ?? [], columns, theme));
  return [...body, paint(answers(secondsLeft, columns), columns, theme)];
}

/** What is shown besides the tasks. */
const fixedRows = 11;

function factLines({ pipeline, run, status, endedAt, now }: ResumeOffer, { icons }: Theme): readonly Line[] {
  const ago = formatDuration(Math.max(0, now - endedAt));
  const [icon, style] =
    status === 'failed' ? ([icons.failed, 'badBold'] as const) : ([icons.warning, 'warnBold'] as const);
  const how = status === 'failed' ? 'failed' : 'was interrupted';
  const when = status === 'failed' ? 'ended' : 'last alive';
  return [
    [styled(' etl-tui ', 'brand'), styled(pipeline, 'bold')],
    [],
    [styled(` ${icon} `, style), styled(`The last run ${how} ${ago} ago.`, 'bold')],
    [styled(`   run ${run}, ${when} ${formatMoment(endedAt)}`, 'dim')],
    [],
  ];
}

function planLines({ tasks, reused, again }: ResumeOffer, room: number, { icons, glyphs }: Theme): readonly Line[] {
  const others = tasks - reused - again.length;
  const shown = again.length <= room ? again : again.slice(0, Math.max(0, room - 1));
  const left = again.length - shown.length;
  const width = Math.max(0, ...shown.map(({ task }) => task.length));
  return [
    [
      styled('   Resuming '),
      styled(`keeps ${reused} of ${formatCount(tasks, 'task')}`, 'good'),
      styled(` and runs the other ${tasks - reused}:`),
    ],
    ...shown.map(({ task, why }) => [
      styled(`     ${icons.retrying} `, 'warn'),
      styled(task.padEnd(width)),
      styled(`  ${why}`, 'dim'),
    ]),
    ...(left > 0 ? [[styled(`     ${glyphs.ellipsis} and ${left} more that ran`, 'dim')]] : []),
    ...(others > 0
      ? [[styled(`     ${icons.waiting} ${formatCount(others, 'task')} that did not run yet`, 'dim')]]
      : []),
    [],
    [styled(`   A new run begins with all ${formatCount(tasks, 'task')}.`)],
  ];
}

function answers(secondsLeft: number | undefined, columns: number): Line {
  const countdown = secondsLeft === undefined ? '' : ` (in ${secondsLeft}s)`;
  const answer = (key: string, label: string): Line => [styled(` ${key}`, 'key'), styled(` ${label} `, 'dim')];
  const long = [...answer('r', 'resume it'), ...answer('Enter', `new run${countdown}`), ...answer('q', 'quit')];
  const short = [...answer('r', 'resume'), ...answer('Enter', `new${countdown}`), ...answer('q', 'quit')];
  return columns >= 50 ? long : short;
}
