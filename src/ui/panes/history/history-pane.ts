import { formatDuration } from '../../../display/format-duration.ts';
import { formatMinute } from '../../../display/format-moment.ts';
import { statusDisplays } from '../../../display/run-display.ts';
import { fitLine, type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { sparkline } from '../../primitives/sparkline.ts';
import { severityStyles, type Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import type { PastRun } from './history.ts';
import { medianOf } from './median-of.ts';
import { type TaskTrend, trendLines } from './trend-lines.ts';

export type HistoryView = {
  /** Newest first. */
  readonly runs: readonly PastRun[];
  /** In the order in which they are shown: those that got slower first. */
  readonly trends: readonly TaskTrend[];
  /** The first run that is shown. */
  readonly top: number;
};

export const history: PaneContent = {
  rows: (frame, shape, theme) =>
    historyPane({ ...frame.history, top: frame.screen.tops['history'] ?? 0 }, shape, theme),
  length: (view) => view.history.runs.length,
};

/** Past runs and the trends of the tasks; side by side where there is room. */
export function historyPane(view: HistoryView, shape: PaneShape, theme: Theme): readonly string[] {
  const { width, height } = bodySize(shape);
  const { runs, trends, top } = view;
  const regressed = trends.filter((trend) => trend.regressed).length;
  return paneRows(
    {
      title: 'History',
      subject: [styled(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`, 'dim')],
      right: regressed === 0 ? [] : [styled(`${regressed} slower than usual`, 'warn')],
      bottomRight: top + 1 < runs.length && top > 0 ? [styled(`from ${top + 1}`, 'dim')] : [],
    },
    runs.length === 0 ? [[styled(' no runs yet', 'dim')]] : historyLines(view, width, height, theme),
    shape,
    theme,
  );
}

function historyLines(
  { runs, trends, top }: HistoryView,
  width: number,
  height: number,
  theme: Theme,
): readonly Line[] {
  const side = width >= minForTwo && trends.length > 0;
  const momentWidth = runs.reduce((widest, { completedAt }) => Math.max(widest, formatMinute(completedAt).length), 0);
  const runsWidth = side ? runColumns + momentWidth : width;
  const overall = overallLine(runs, runsWidth, theme);
  const past = runs.slice(Math.max(0, top)).map((run) => runLine(run, runs, theme));
  if (!side) {
    // The trends get at most the lower half.
    const trendRows = trends.length === 0 ? 0 : Math.min(trends.length + 2, Math.floor(height / 2));
    const kept = past.slice(0, Math.max(1, height - 1 - trendRows));
    return [overall, ...kept, ...(trendRows < 3 ? [] : [[], ...trendLines(trends, width, theme)])];
  }
  const left = [overall, ...past];
  const right = trendLines(trends, width - runsWidth, theme);
  return Array.from({ length: height }, (_, row) => [
    ...fitLine(left[row] ?? [], runsWidth, theme.glyphs.ellipsis),
    ...(right[row] ?? []),
  ]);
}

/** Of a run without its moment, whose time zone may be short or long. */
const runColumns = 46;
const minForTwo = 118;

/** The durations of the runs that succeeded as a sparkline, oldest first; those of other runs are not comparable. */
function overallLine(runs: readonly PastRun[], width: number, theme: Theme): Line {
  const durations = runs.flatMap(({ status, durationMs }) => (status === 'success' ? [durationMs] : [])).reverse();
  if (durations.length === 0) return [styled(' no run has succeeded yet', 'dim')];
  const longest = durations.reduce((max, ms) => Math.max(max, ms), 0);
  const room = Math.max(0, Math.min(durations.length, 24, width - 40));
  const medianMs = medianOf(durations);
  const usual =
    medianMs === undefined
      ? []
      : [styled(`median of ${durations.length} `, 'dim'), styled(formatDuration(medianMs)), styled(', ', 'dim')];
  return [
    styled(' succeeded ', 'dim'),
    styled(sparkline(durations, room, longest, theme), 'cpu'),
    styled('  ', 'dim'),
    ...usual,
    styled('longest ', 'dim'),
    styled(formatDuration(longest)),
  ];
}

function runLine(
  { run, status, completedAt, durationMs, failed }: PastRun,
  runs: readonly PastRun[],
  theme: Theme,
): Line {
  const widest = runs.reduce((max, one) => Math.max(max, one.run.length), 0);
  const { icon, severity } = statusDisplays[status];
  const style = severityStyles[severity];
  return [
    styled(` ${theme.icons[icon]} `, style),
    styled(run.padEnd(widest)),
    styled(`  ${formatDuration(durationMs).padStart(6)}`, 'bold'),
    styled(`  ${formatMinute(completedAt)}`, 'dim'),
    styled(status === 'success' ? '' : `  ${status === 'failed' && failed > 0 ? `${failed} failed` : status}`, style),
  ];
}
