import { formatDuration } from '../../../display/format/format-duration.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { sparkline } from '../../primitives/sparkline.ts';
import { fitText, fitTextRight, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import type { Theme } from '../../theme.ts';
import { changeText } from './change-text.ts';

/** How long a task took in past runs. */
export type TaskTrend = {
  readonly task: string;
  /** Oldest first. */
  readonly durationsMs: readonly number[];
  /** undefined of too few values. */
  readonly medianMs?: number;
  /** The latest duration divided by the median: 1.8 = 80 % longer; undefined without a median. */
  readonly ratio?: number;
  /** Notably slower than the median. */
  readonly regressed: boolean;
};

/** A heading and one row per task: sparkline, median and number of durations, the latest one, and its change. */
export function trendLines(trends: readonly TaskTrend[], width: number, theme: Theme): readonly Line[] {
  const { ellipsis } = theme.glyphs;
  const longest = trends.reduce((max, { task }) => Math.max(max, textWidth(task)), 'task'.length);
  const nameWidth = Math.max(8, Math.min(longest, width - fixedWidth));
  const heading = [
    styled(
      ` ${fitText('task', nameWidth)}  ${fitText('trend', sparkWidth)}${fitTextRight('median', 8)}${fitTextRight('of', 3)}`,
      'dim',
    ),
    styled(`${fitTextRight('latest', 8)}${fitTextRight('change', 8)}`, 'dim'),
  ];
  return [
    heading,
    ...trends.map(({ task, durationsMs, medianMs, ratio, regressed }): Line => {
      const latest = durationsMs[durationsMs.length - 1] ?? Number.NaN;
      const longestMs = durationsMs.reduce((high, ms) => Math.max(high, ms), 0);
      const style = regressed ? 'warn' : 'dim';
      return [
        styled(` ${fitText(shortenMiddle(task, nameWidth, ellipsis), nameWidth)}  `, regressed ? 'bold' : 'plain'),
        styled(sparkline(durationsMs, sparkWidth, longestMs, theme), regressed ? 'warn' : 'cpu'),
        styled(fitTextRight(medianMs === undefined ? '' : formatDuration(medianMs), 8), 'dim'),
        styled(fitTextRight(medianMs === undefined ? '' : String(durationsMs.length), 3), 'dim'),
        styled(fitTextRight(formatDuration(latest), 8)),
        styled(fitTextRight(ratio === undefined ? '' : changeText(ratio - 1), 8), style),
        styled(regressed ? ' slower' : '', style),
      ];
    }),
  ];
}

const sparkWidth = 10;
const fixedWidth = 1 + 2 + sparkWidth + 27 + 7 + 1;
