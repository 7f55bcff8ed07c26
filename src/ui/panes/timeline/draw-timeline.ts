import { formatDuration } from '../../../display/format/format-duration.ts';
import type { Condition } from '../../../display/states/task-display.ts';
import type { AttemptInterval, TaskIntervals } from '../../../display/timeline/attempt-interval.ts';
import { axisLabels, timeAxis } from '../../../display/timeline/time-axis.ts';
import { hostName, type Plan, type RunState, type TaskId } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { fitText, fitTextRight, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
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
  /** Of the run; absent = its tasks run on this machine. */
  readonly hosts?: RunState['hosts'];
};

export type Timeline = {
  /** The labels of the scale, each with the column where it begins. */
  readonly labels: readonly { readonly at: number; readonly text: string }[];
  readonly lines: readonly Line[];
};

/** When each task ran: one row per task, on a scale of the whole run. */
export function drawTimeline(view: TimelineView, width: number, theme: Theme): Timeline {
  const { plan, tasks, startedAt, now, live, hosts = [] } = view;
  const nameWidth = Math.min(longestName(plan), Math.max(8, Math.floor(width * 0.36)));
  const before = indent + nameWidth + 1;
  const hostWidth = width < minWithHosts ? 0 : hostColumns(hosts);
  const columns = Math.max(1, width - before - durationWidth - 1 - hostWidth);
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
      ...(hostWidth === 0 ? [] : [styled(fitText(` ${hostOf(intervals, hosts)}`, hostWidth), 'dim')]),
    ];
  });
  const labels = axisLabels({ endMs, stepMs }, columns).map(({ at, text }) => ({ at: before + at, text }));
  return { labels, lines };
}

/** Columns before the names: critical mark, glyph, blank. */
const indent = 3;
const durationWidth = 7;
/** Hosts are named where that leaves room for bars. */
const minWithHosts = 70;
const maxHost = 12;

/** With the blank before a name; none in a run on this machine. */
function hostColumns(hosts: NonNullable<RunState['hosts']>): number {
  return hosts.length === 0 ? 0 : 1 + Math.min(maxHost, Math.max(...hosts.map(({ name }) => textWidth(name))));
}

/** Of its latest attempt. */
function hostOf(intervals: readonly AttemptInterval[], hosts: NonNullable<RunState['hosts']>): string {
  const host = intervals.findLast((one) => one.kind !== 'waiting')?.host;
  return host === undefined ? '' : hostName(hosts, host);
}

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
