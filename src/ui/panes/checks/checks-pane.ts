import { formatCountdown, formatDuration } from '../../../display/format/format-duration.ts';
import { staleSinceShort } from '../../../display/staleness-text.ts';
import { checkDisplay } from '../../../display/states/check-display.ts';
import { describeCheckNotRun, type RunState, type Staleness, stalenessOfCheck } from '../../../engine/index.ts';
import { type Line, lineWidth, spread, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { fitText, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { iconText } from '../../status/state-icon.ts';
import type { ScreenState } from '../../store/screen-state.ts';
import type { Change } from '../../store/screen-view.ts';
import { severityStyles, type Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { type CheckHistories, checkSparkline, pointsOf } from './check-history.ts';
import { checkKeys } from './check-keys.ts';
import { selectCheck, selectedCheck } from './check-selection.ts';
import { findingLines } from './finding-lines.ts';

export type ChecksView = {
  readonly state: RunState;
  readonly now: number;
  /** Of past runs. */
  readonly histories: CheckHistories;
  /** The first line that is shown; undefined = scrolled to `check`. */
  readonly top: number | undefined;
  /** The check that is selected, by index. */
  readonly check: number | undefined;
};

export const checks: PaneContent = {
  rows: ({ state, now, screen, history }, shape, theme) => {
    const check = selectedCheck(screen, state);
    return checksPane({ state, now, histories: history.checks, top: screen.tops['checks'], check }, shape, theme);
  },
  length: ({ state }, shape, theme) =>
    linesOf({ state, now: 0, histories: noHistories, check: undefined }, shape, theme).length,
  top: ({ state, screen }, shape, theme) => checksTop(state, selectedCheck(screen, state), shape, theme),
  keys: checkKeys,
  move: ({ state, screen }, by) => moveBy(screen, state, by),
};

const noHistories: CheckHistories = new Map();

/** Single steps and the ends select a check; pages scroll, so that long findings can be read to their end. */
function moveBy(screen: ScreenState, state: RunState, by: number): Change | undefined {
  const selected = selectedCheck(screen, state);
  if (selected === undefined || (Math.abs(by) !== 1 && Number.isFinite(by))) return undefined;
  return { screen: selectCheck(screen, Math.max(0, Math.min(state.checks.length - 1, selected + by))) };
}

/** The checks of the run, each with its verdict and its history; one that did not pass has its findings below. */
export function checksPane(view: ChecksView, shape: PaneShape, theme: Theme): readonly string[] {
  const { state, check } = view;
  const { width, height } = bodySize(shape);
  const lines = linesOf(view, shape, theme);
  const max = Math.max(0, lines.length - height);
  const first = Math.min(max, Math.max(0, view.top ?? checksTop(state, check, shape, theme)));
  const row = check === undefined ? undefined : lineOfCheck(state, check, shape, theme);
  const empty = state.options.runChecks ? ' this pipeline has no checks' : ' checks are off in this run (--no-checks)';
  return paneRows(
    {
      title: 'Checks',
      subject: [styled(String(state.checks.length), 'dim')],
      right: verdictCounts(state, width, theme),
      bottomRight: first < max ? [styled(`${theme.glyphs.down}${max - first}`, 'dim')] : [],
      ...(row === undefined ? {} : { selected: row - first }),
    },
    lines.length === 0 ? [[styled(empty, 'dim')]] : lines.slice(first, first + height),
    shape,
    theme,
  );
}

/** The first line with which a check and its findings are visible, as far as they fit; 0 without a check. */
function checksTop(state: RunState, check: number | undefined, shape: PaneShape, theme: Theme): number {
  if (check === undefined) return 0;
  const at = lineOfCheck(state, check, shape, theme);
  const end = lineOfCheck(state, check + 1, shape, theme);
  return Math.min(at, Math.max(0, end - bodySize(shape).height));
}

/** The line in which a check begins. */
function lineOfCheck(state: RunState, check: number, shape: PaneShape, theme: Theme): number {
  return linesOf({ state, now: 0, histories: noHistories, check: undefined }, shape, theme, check).length;
}

/** @param before only the checks before this one */
function linesOf(
  { state, now, histories, check: selected }: Omit<ChecksView, 'top'>,
  shape: PaneShape,
  theme: Theme,
  before?: number,
): readonly Line[] {
  if (!state.options.runChecks) return [];
  const { width } = bodySize(shape);
  const checks = state.plan.checks.slice(0, before);
  const longest = state.plan.checks.reduce((max, { spec }) => Math.max(max, textWidth(spec.name)), 0);
  const nameWidth = Math.min(longest, Math.max(10, Math.floor(width * 0.4)));
  // Without a past run there is no history to show, and its columns are left to the findings.
  const sparkWidth = histories.size === 0 ? 0 : width >= 90 ? 12 : width >= 70 ? 8 : width >= 60 ? 6 : 0;
  return checks.flatMap(({ spec, index, gates }) => {
    const check = state.checks[index]!;
    const display = checkDisplay(state, index);
    const style = severityStyles[display.severity];
    const result = check.kind === 'done' ? check.result : undefined;
    const stale = result === undefined ? undefined : stalenessOfCheck(state, index);
    const explained = result !== undefined && result.verdict !== 'pass';
    const text = result === undefined ? formatCheckWait(state, index, now) : explained ? '' : result.summary;
    const row = [
      styled(index === selected ? theme.glyphs.pointer : ' '),
      styled(`${iconText(display.icon, theme, now)} `, style),
      styled(fitText(display.word, verdictWidth), style),
      styled(fitText(shortenMiddle(spec.name, nameWidth, theme.glyphs.ellipsis), nameWidth), display.emphasis),
      styled(`  ${text}`, 'dim'),
    ];
    const right = [
      ...(sparkWidth === 0
        ? []
        : [styled('  '), ...checkSparkline(pointsOf(histories, state, index), sparkWidth, theme)]),
      ...(stale === undefined ? [] : [styled(`  ${staleMark(stale, width, theme)}`, 'warn')]),
      ...(gates.length > 0 ? [styled('  gate', 'dim')] : []),
      ...(result === undefined ? [] : [styled(`  ${formatDuration(result.durationMs)}`, 'dim')]),
      styled(' '),
    ];
    const line = spread(row, right, width, theme.glyphs.ellipsis);
    return explained ? [line, ...findingLines(result, style, width, theme)] : [line];
  });
}

/** That a check judges data that is not up to date; since when, where there is room for it beside the findings. */
function staleMark(stale: Staleness, width: number, theme: Theme): string {
  const icon = iconText('stale', theme);
  return width < wideEnough ? icon : `${icon} ${staleSinceShort(stale)}`;
}

const wideEnough = 90;
const verdictWidth = 9;

function formatCheckWait(state: RunState, index: number, now: number): string {
  const { plan, checks } = state;
  const check = checks[index]!;
  if (check.kind === 'backing-off') return `again in ${formatCountdown(check.retryAt - now)}: ${check.result.summary}`;
  if (check.kind === 'running') {
    return plan.checks[index]!.spec.definition.kind === 'command' ? 'running its command' : 'querying the database';
  }
  const notRun = describeCheckNotRun(state, index);
  if (notRun !== undefined) return notRun;
  const { after, atEnd } = plan.checks[index]!;
  if (atEnd) return 'at the end of the run';
  if (after.length === 0) return 'at the start of the run';
  return `after ${after.map((task) => plan.tasks[task]!.spec.id).join(', ')}`;
}

/** How many checks have each verdict; with the names of the verdicts where there is room for them. */
function verdictCounts(state: RunState, width: number, theme: Theme): Line {
  const counts = new Map<string, { readonly display: ReturnType<typeof checkDisplay>; count: number }>();
  state.checks.forEach((_, index) => {
    const display = checkDisplay(state, index);
    const counted = counts.get(display.word);
    if (counted === undefined) counts.set(display.word, { display, count: 1 });
    else counted.count += 1;
  });
  const line = (withWords: boolean): Line =>
    [...counts.values()].flatMap(({ display, count }, index) => [
      styled(index === 0 ? '' : '  '),
      styled(`${iconText(display.icon, theme)} ${count}`, severityStyles[display.severity]),
      styled(withWords ? ` ${display.word}` : '', 'dim'),
    ]);
  const long = line(true);
  return lineWidth(long) + titleWidth <= width ? long : line(false);
}

/** Columns of the title beside the counts. */
const titleWidth = 18;
