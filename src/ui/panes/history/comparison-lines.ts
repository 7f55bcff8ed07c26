import { formatCompact } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { type Condition, taskDisplay } from '../../../display/states/task-display.ts';
import type { RunComparison, TaskComparison } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { fitText, fitTextRight, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { type Style, severityStyles, type Theme } from '../../theme.ts';
import { changeText } from './change-text.ts';

/** `isOver`: whether the run on the screen is; what it took in all is not comparable before. */
export type ShownComparison = RunComparison & { readonly isOver: boolean };

/**
 * Two runs side by side: what differs as a whole, then a row per task with how long it took in each, how many rows it
 * reported, and how it ended where that differs. Tasks that ended differently come first, then those whose times differ most.
 */
export function comparisonLines(
  comparison: ShownComparison,
  width: number,
  height: number,
  theme: Theme,
): readonly Line[] {
  const { tasks } = comparison;
  const longest = tasks.reduce((max, { task }) => Math.max(max, textWidth(task)), 'task'.length);
  const nameWidth = Math.max(8, Math.min(longest, width - fixedWidth));
  const heading = [
    styled(` ${fitText('task', nameWidth)}${fitTextRight('now', 8)}${fitTextRight('then', 8)}`, 'dim'),
    styled(`${fitTextRight('change', 8)}${fitTextRight('rows', 8)}${fitTextRight('then', 8)}`, 'dim'),
  ];
  const head = [totalLine(comparison), ...differenceLines(comparison), heading];
  const sorted = tasks.toSorted((a, b) => Number(endsDiffer(b)) - Number(endsDiffer(a)) || gap(b) - gap(a));
  const room = Math.max(0, height - head.length);
  const shown = sorted.length > room ? sorted.slice(0, Math.max(0, room - 1)) : sorted;
  const more = sorted.length - shown.length;
  const rest =
    more === 0
      ? []
      : [
          [
            styled(
              ` and ${more} more: etl-tui show ${comparison.run.run_id} --against ${comparison.against.run_id}`,
              'dim',
            ),
          ],
        ];
  return [...head, ...shown.map((task) => taskLine(task, comparison.isOver, nameWidth, theme)), ...rest];
}

/** Of a row without the name: times, change, rows, and a word about the end. */
const fixedWidth = 1 + 5 * 8 + 14;

function totalLine({ run, against, change, isOver }: ShownComparison): Line {
  const names = [styled(' '), styled(run.run_id, 'bold'), styled(isOver ? ' against ' : ' so far, against ', 'dim')];
  if (!isOver) return [...names, styled(against.run_id, 'bold')];
  const times = `${formatDuration(run.total_duration_seconds * 1000)}, then ${formatDuration(against.total_duration_seconds * 1000)}`;
  return [
    ...names,
    styled(against.run_id, 'bold'),
    styled(change === undefined ? '' : `  ${changeText(change)}`, changeStyle(change)),
    styled(`  ${times}`),
  ];
}

function differenceLines({ params, plan_changed }: RunComparison): readonly Line[] {
  const values = params.map(({ name, run = 'none', against = 'none' }) => `${name} ${run}, then ${against}`);
  const texts = [...values, ...(plan_changed ? ['the pipeline has changed'] : [])];
  return texts.length === 0 ? [] : [[styled(` ${texts.join('; ')}`, 'warn')]];
}

function taskLine(comparison: TaskComparison, isOver: boolean, nameWidth: number, theme: Theme): Line {
  const { task, run, against, change } = comparison;
  const took = (seconds: number | undefined) =>
    styled(fitTextRight(seconds === undefined ? '' : formatDuration(seconds * 1000), 8));
  const rows = (count: number | undefined, style: Style) =>
    styled(fitTextRight(count === undefined ? '' : formatCompact(count), 8), style);
  return [
    styled(` ${fitText(shortenMiddle(task, nameWidth, theme.glyphs.ellipsis), nameWidth)}`),
    took(run?.seconds),
    took(against?.seconds),
    styled(fitTextRight(change === undefined ? '' : changeText(change), 8), changeStyle(change)),
    rows(run?.rows, run?.rows === against?.rows ? 'dim' : 'plain'),
    rows(against?.rows, 'dim'),
    ...endOf(comparison, isOver),
  ];
}

/** How the task ended, where that is no success in both. */
function endOf({ run, against }: TaskComparison, isOver: boolean): Line {
  const [now, then] = [conditionOf(run), conditionOf(against)];
  if (now === then && now === 'succeeded') return [];
  const word = (condition: Condition | undefined, none: string) =>
    condition === undefined ? none : taskDisplay(condition).word;
  const style = now === undefined ? 'dim' : severityStyles[taskDisplay(now).severity];
  const before = now === then ? '' : `, then ${word(then, 'not there')}`;
  return [styled(`  ${word(now, isOver ? 'not there' : 'not yet')}`, style), styled(before, 'dim')];
}

function conditionOf(compared: TaskComparison['run']): Condition | undefined {
  if (compared === undefined) return undefined;
  return compared.degraded === undefined ? conditions[compared.status] : 'degraded';
}

const conditions: Readonly<Record<NonNullable<TaskComparison['run']>['status'], Condition>> = {
  success: 'succeeded',
  failed: 'failed',
  timeout: 'timed-out',
  skipped: 'skipped',
  not_needed: 'not-needed',
  reused: 'reused',
  upstream_failed: 'not-run',
  cancelled: 'cancelled',
};

function endsDiffer({ run, against }: TaskComparison): boolean {
  return run !== undefined && conditionOf(run) !== conditionOf(against);
}

function gap({ difference_seconds = 0 }: TaskComparison): number {
  return Math.abs(difference_seconds);
}

/** Shorter times are good news, and much longer ones a reason to look. */
function changeStyle(change = 0): Style {
  return change >= noticed ? 'warn' : change <= -noticed ? 'good' : 'dim';
}

const noticed = 0.2;
