import { formatDuration } from '../../../display/format/format-duration.ts';
import type { Condition } from '../../../display/states/task-display.ts';
import type { AttemptInterval, TaskIntervals } from '../../../display/timeline/attempt-interval.ts';
import { axisLabels, timeAxis } from '../../../display/timeline/time-axis.ts';
import type { Plan, TaskId } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { fitText, fitTextRight, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { longestName } from '../../status/longest-name.ts';
import { conditionIcon, conditionStyle } from '../../status/state-icon.ts';
import type { Theme } from '../../theme.ts';
import { type BarScale, columnOf, timelineBar } from './timeline-bar.ts';

export type TimelineView = {
  readonly plan: Plan;
  /** In order of their first start. */
  readonly tasks: readonly TaskIntervals[];
  readonly startedAt: number;
  readonly now: number;
  /** The run goes on: a line marks the present. */
  readonly live: boolean;
  /** Indices of the tasks on the critical path. */
  readonly criticalPath: readonly number[];
};

export type Timeline = {
  /** The labels of the scale, each with the column where it begins. */
  readonly labels: readonly { readonly at: number; readonly text: string }[];
  readonly lines: readonly Line[];
};

/** When each task ran: one row per task, on a scale of the whole run. */
export function drawTimeline(view: TimelineView, width: number, theme: Theme): Timeline {
  const { plan, tasks, startedAt, now, live } = view;
  const nameWidth = Math.min(longestName(plan), Math.max(8, Math.floor(width * 0.36)));
  const before = indent + nameWidth + 1;
  const columns = Math.max(1, width - before - durationWidth - 1);
  const { endMs, stepMs } = timeAxis(now - startedAt, columns);
  const scale: BarScale = { startedAt, endMs, columns, now };
  const nowColumn = live ? columnOf(now, scale) : undefined;
  const critical = new Set(view.criticalPath);
  const lines = tasks.map(({ task, intervals }): Line => {
    const bold = critical.has(task);
    const condition = conditionOfIntervals(intervals);
    const name = shortenMiddle(nameOf(plan, task), nameWidth, theme.glyphs.ellipsis);
    return [
      styled(bold ? theme.glyphs.critical : ' ', bold ? 'bold' : 'plain'),
      styled(conditionIcon(condition, theme, live ? now : undefined), conditionStyle(condition)),
      styled(` ${fitText(name, nameWidth)} `, bold ? 'bold' : 'plain'),
      ...timelineBar(intervals, scale, bold, nowColumn, theme),
      styled(fitTextRight(formatDuration(durationOf(intervals, now)), durationWidth), 'dim'),
    ];
  });
  const labels = axisLabels({ endMs, stepMs }, columns).map(({ at, text }) => ({ at: before + at, text }));
  return { labels, lines };
}

/** Columns before the names: critical mark, glyph, blank. */
const indent = 3;
const durationWidth = 7;

function conditionOfIntervals(intervals: readonly AttemptInterval[]): Condition {
  const { kind } = intervals[intervals.length - 1]!;
  // A wait after an attempt is the pause before the next one.
  return kind === 'waiting' && intervals.some((one) => one.kind !== 'waiting') ? 'retrying' : kind;
}

function nameOf(plan: Plan, task: number): TaskId {
  return plan.tasks[task]!.spec.id;
}

/** The sum of its attempts, without the waits between them. */
function durationOf(intervals: readonly AttemptInterval[], now: number): number {
  return intervals.reduce((sum, { kind, startedAt, endedAt }) => {
    return kind === 'waiting' ? sum : sum + Math.max(0, (endedAt ?? now) - startedAt);
  }, 0);
}
