import { formatCompact } from '../../display/format/format-count.ts';
import { formatClock } from '../../display/format/format-duration.ts';
import { formatTimeLeft } from '../../display/format/format-time-left.ts';
import { phaseDisplay } from '../../display/states/phase-display.ts';
import { slaMark } from '../../display/states/sla-display.ts';
import {
  awayBetween,
  type PlaybackPosition,
  type RunState,
  type SlaJudgement,
  type TimeLeft,
} from '../../engine/index.ts';
import { isOverLimit, latestOf, type Meter, meterStyle, meterText, shortName } from '../panes/charts/meter.ts';
import { type Line, lineWidth, paint, spread, styled } from '../primitives/line.ts';
import { sparkline } from '../primitives/sparkline.ts';
import { shortenMiddle } from '../primitives/text/fit-text.ts';
import { slotColumns, slotsText } from '../status/slots-text.ts';
import { type Tally, tallyRun } from '../status/task-tally.ts';
import { boldSeverityStyles, severityStyles, type Theme } from '../theme.ts';
import { headerCounts } from './header-counts.ts';

export type HeaderView = {
  readonly state: RunState;
  readonly now: number;
  readonly timeLeft?: TimeLeft;
  readonly slas?: readonly SlaJudgement[];
  /** See `ScreenView`. */
  readonly isPast?: boolean;
  /** Of a replay. */
  readonly playback?: PlaybackPosition;
  /** For the sparklines, in the order in which they are shown; none while charts are on the screen. */
  readonly meters: readonly Meter[];
};

/**
 * The first row of the screen: pipeline, run, phase with its reason, time, number of tasks by state, time left, resources. What
 * changes all the time has fixed places, and the time left, whose length changes, has nothing behind it that it could move.
 */
export function headerRow(view: HeaderView, width: number, theme: Theme): string {
  const { state, now } = view;
  const { all: tally } = tallyRun(state, now);
  const choices = view.meters.length > 0 ? withMeters : withoutMeters;
  const { name } = state.plan.pipeline;
  const leftOf = (choice: Choice, shown: string, reason?: string) => [
    ...identityOf(view, shown, reason, choice, theme),
    styled(choice.brand ? '   ' : '  '),
    ...headerCounts(state, tally, choice, theme),
  ];
  for (const reason of [...(phaseDisplay(state, view.slas).reasons ?? []), undefined]) {
    for (const choice of choices) {
      const left = leftOf(choice, name, reason);
      const right = usageOf(view, tally, choice, theme);
      const whole = lineWidth(left) + lineWidth(right) + (right.length === 0 ? 0 : 2);
      if (whole <= width) return paint(spread(left, right, width, theme.glyphs.ellipsis), width, theme);
    }
  }
  // A long name is shortened before counts of failures are left out.
  const room = width - lineWidth(leftOf(tightest, ''));
  const left = leftOf(tightest, shortenMiddle(name, Math.max(minName, room), theme.glyphs.ellipsis));
  return paint(left, width, theme);
}

const minName = 6;

/** What a header of a certain width contains. */
type Choice = {
  readonly brand: boolean;
  /** Also counts tasks that wait, were skipped or cancelled. */
  readonly quiet: boolean;
  readonly run: boolean;
  /** How long the run will still take. */
  readonly left: boolean;
  readonly labels: boolean;
  /** Also counts checks that passed. */
  readonly passed: boolean;
  readonly slots: boolean;
  readonly rows: boolean;
  /** How many meters, and whether they have a sparkline. */
  readonly meters: number;
  readonly sparks: boolean;
};

const nothing: Choice = {
  brand: true,
  quiet: true,
  run: false,
  left: true,
  labels: false,
  passed: false,
  slots: false,
  rows: false,
  meters: 0,
  sparks: false,
};
const tightest: Choice = { ...nothing, brand: false, quiet: false, left: false };

/** From full to narrow; what is left out first can be found in a pane. */
const withoutMeters: readonly Choice[] = [
  { ...nothing, run: true, labels: true, passed: true, slots: true, rows: true },
  { ...nothing, labels: true, passed: true, slots: true, rows: true },
  { ...nothing, labels: true, slots: true, rows: true },
  { ...nothing, labels: true, slots: true },
  { ...nothing, labels: true },
  { ...nothing, slots: true, rows: true },
  nothing,
  { ...nothing, left: false },
];

const withMeters: readonly Choice[] = [
  { ...nothing, run: true, labels: true, passed: true, slots: true, meters: 3, sparks: true },
  { ...nothing, labels: true, slots: true, meters: 3, sparks: true },
  { ...nothing, labels: true, slots: true, meters: 3 },
  { ...nothing, slots: true, meters: 3, sparks: true },
  { ...nothing, meters: 3, sparks: true },
  { ...nothing, meters: 2, sparks: true },
  { ...nothing, meters: 2 },
  nothing,
  { ...nothing, left: false },
];

/** Nobody must take a past run, or a replay, for a run that goes on. */
function whatIsShown({ isPast, playback }: HeaderView, { brand, labels }: Choice): Line {
  const between = labels ? '  ' : ' ';
  if (isPast && playback?.isAtEnd !== false) return [styled(` past run${between}`, 'warnBold')];
  if (playback === undefined) return [styled(brand ? ` etl-tui${between}` : ' ', 'brand')];
  const how = playback.isPlaying ? `${playback.speed}x` : playback.isAtEnd ? 'end' : 'held';
  return [styled(` REPLAY ${how.padEnd(replayColumns)}${between}`, 'warnBold')];
}

/** `held`, `100x`: what follows keeps its place. */
const replayColumns = 4;

function identityOf(view: HeaderView, name: string, reason: string | undefined, choice: Choice, theme: Theme): Line {
  const { state, now, slas = [] } = view;
  const { run, labels } = choice;
  const { word, short, severity, icon } = phaseDisplay(state, slas);
  const { startedAt = now, finishedAt = now, away } = state;
  const elapsedMs = finishedAt - startedAt - awayBetween(away, startedAt, finishedAt);
  const between = labels ? '  ' : ' ';
  return [
    ...whatIsShown(view, choice),
    styled(name, 'bold'),
    ...(run ? [styled(`  ${state.options.run}`, 'dim')] : []),
    styled(between),
    styled(`${icon === 'none' ? '' : `${theme.icons[icon]} `}${labels ? word : short}`, boldSeverityStyles[severity]),
    ...(reason === undefined ? [] : [styled(` (${reason})`, severityStyles[severity])]),
    styled(` ${formatClock(elapsedMs)}`),
    ...slaMarkOf(state, slas, labels, theme),
    ...(state.options.sequential && labels ? [styled(' sequential', 'dim')] : []),
  ];
}

/** `! SLA at risk`; where there is little room `!SLA`. */
function slaMarkOf(state: RunState, slas: readonly SlaJudgement[], labels: boolean, theme: Theme): Line {
  const mark = slaMark(slas, state.plan.pipeline.slas.onMiss);
  if (mark === undefined) return [];
  const text = labels ? `  ${theme.icons[mark.icon]} ${mark.word}` : ` ${theme.icons[mark.icon]}SLA`;
  return [styled(text, severityStyles[mark.severity])];
}

function usageOf({ state, meters, timeLeft }: HeaderView, tally: Tally, choice: Choice, theme: Theme): Line {
  const parts: Line[] = choice.left && timeLeft !== undefined ? [[styled(formatTimeLeft(timeLeft), 'dim')]] : [];
  for (const meter of meters.slice(0, choice.meters)) {
    parts.push([
      styled(`${shortName(meter).toLowerCase()} `, 'dim'),
      ...(choice.sparks
        ? [styled(`${sparkline(meter.samples, sparkWidth, meter.max, theme)} `, meterStyle(meter))]
        : []),
      styled(
        meterText(latestOf(meter), meter).padStart(meterText(meter.max, meter).length),
        isOverLimit(meter) ? 'warnBold' : 'plain',
      ),
    ]);
  }
  if (choice.slots) parts.push([styled('slots ', 'dim'), styled(slotsText(state).padStart(slotColumns(state)))]);
  if (choice.rows && tally.rows > 0)
    parts.push([styled(formatCompact(tally.rows).padStart(rowColumns)), styled(' rows', 'dim')]);
  const line = parts.flatMap((part, index) => (index === 0 ? part : [styled('  '), ...part]));
  return line.length === 0 ? [] : [...line, styled(' ')];
}

/** The widest that `formatCompact` gives. */
const rowColumns = 5;

const sparkWidth = 5;
