import { formatDuration } from '../../../display/format/format-duration.ts';
import { formatMinute } from '../../../display/format/format-moment.ts';
import { verdictDisplays } from '../../../display/states/check-display.ts';
import type { Display } from '../../../display/states/display.ts';
import { storedRunDisplay } from '../../../display/states/run-display.ts';
import { slaDisplay } from '../../../display/states/sla-display.ts';
import { taskDisplay } from '../../../display/states/task-display.ts';
import { type Line, lineWidth, styled } from '../../primitives/line.ts';
import { sparkline } from '../../primitives/sparkline.ts';
import { severityStyles, type Theme } from '../../theme.ts';
import type { PastRun } from './history.ts';
import { medianOf } from './median-of.ts';

/** The durations of the runs that succeeded as a sparkline, oldest first; those of other runs are not comparable. */
export function overallLine(runs: readonly PastRun[], width: number, theme: Theme): Line {
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

/** A run with its moment and, unless it simply succeeded, how it ended; in icons where there is no room for words. */
export function runLine(
  past: PastRun,
  runs: readonly PastRun[],
  isSelected: boolean,
  width: number,
  theme: Theme,
): Line {
  const { run, status, verdict, completedAt, durationMs } = past;
  const widest = runs.reduce((max, one) => Math.max(max, one.run.length), 0);
  const { icon, severity } = storedRunDisplay(status, verdict);
  const begin = [
    styled(isSelected ? theme.glyphs.pointer : ' '),
    styled(`${theme.icons[icon]} `, severityStyles[severity]),
    styled(run.padEnd(widest)),
    styled(`  ${formatDuration(durationMs).padStart(6)}`, 'bold'),
    styled(`  ${formatMinute(completedAt)}`, 'dim'),
  ];
  const counts = countsOf(past);
  if (counts.length === 0) {
    return status === 'success' ? begin : [...begin, styled(`  ${statusWord(past)}`, severityStyles[severity])];
  }
  const words = counts.map(({ count, word, display }, at) =>
    styled(`${at === 0 ? '  ' : ', '}${count} ${word}`, severityStyles[display.severity]),
  );
  if (lineWidth(begin) + lineWidth(words) <= width) return [...begin, ...words];
  return [
    ...begin,
    ...counts.map(({ count, display, of = '' }) =>
      styled(`  ${theme.icons[display.icon]}${of} ${count}`, severityStyles[display.severity]),
    ),
  ];
}

function statusWord({ status, verdict }: PastRun): string {
  return storedRunDisplay(status, verdict).word;
}

type Count = {
  readonly count: number;
  readonly word: string;
  readonly display: Display;
  /** What is counted, where the icon does not say it. */
  readonly of?: string;
};

/** Of a cancelled run that it was cancelled is enough. */
function countsOf(past: PastRun): readonly Count[] {
  const { status, verdict, failed, failedChecks = 0, warned = 0, degraded, missedSlas = 0 } = past;
  if (status === 'cancelled') return [];
  const counts: readonly Count[] = [
    { count: failed, word: 'failed', display: taskDisplay('failed') },
    { count: failedChecks, word: failedChecks === 1 ? 'check failed' : 'checks failed', display: verdictDisplays.fail },
    { count: warned, word: 'warned', display: verdictDisplays.warn },
    { count: degraded, word: 'degraded', display: taskDisplay('degraded') },
    {
      count: missedSlas,
      word: missedSlas === 1 ? 'missed SLA' : 'missed SLAs',
      display: slaDisplay('missed', verdict === 'sla-missed' ? 'fail' : 'warn'),
      of: 'SLA',
    },
  ];
  return counts.filter(({ count }) => count > 0);
}

/** What the selected run was given and how fast it was. */
export function paramsLine({ params = {}, speedup }: PastRun): Line {
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return [
    styled(' parameters ', 'dim'),
    given.length === 0 ? styled('none', 'dim') : styled(given.join('  ')),
    ...(speedup === undefined ? [] : [styled(`   ${speedup.toFixed(1)}x as fast as one at a time`, 'dim')]),
  ];
}
