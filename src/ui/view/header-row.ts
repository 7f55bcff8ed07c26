import type { RunState } from '../../engine/index.ts';
import { formatCount } from '../text/format-count.ts';
import { formatClock } from '../text/format-duration.ts';
import type { Theme } from '../theme.ts';
import { fitLine, type Line, lineWidth, paint, type Span, span, spread } from './line.ts';
import { isOverLimit, latestOf, type Meter, meterStyle, meterText } from './meter.ts';
import { phaseWords } from './phase-words.ts';
import { sparkline } from './sparkline.ts';
import { doneIn, type Tally, tallyTasks } from './tally.ts';
import { conditionGlyph } from './task-face.ts';

export type HeaderView = {
  readonly state: RunState;
  readonly now: number;
  /** For the sparklines, in the order in which they are shown; none where charts are on the screen. */
  readonly meters: readonly Meter[];
};

/** The first row of the screen: pipeline, run, phase, time, how many tasks stand where, what is in use. */
export function headerRow({ state, now, meters }: HeaderView, width: number, theme: Theme): string {
  const tally = tallyTasks(state, state.plan.order, now);
  for (const { run, wordy, use } of arrangements) {
    const left = identityOf(state, now, run, wordy);
    const counts = countsOf(tally, wordy, theme);
    const right = usageOf(state, tally, use ? meters : [], wordy, theme);
    const line = [...left, span('   '), ...counts];
    if (lineWidth(line) + lineWidth(right) + 2 <= width)
      return paint(spread(line, right, width, theme.glyphs.ellipsis), width, theme);
  }
  const least = [...identityOf(state, now, false, false), span('  '), ...countsOf(tally, false, theme)];
  return paint(fitLine(least, width, theme.glyphs.ellipsis), width, theme);
}

/** From much to little: what is left out first is known from elsewhere. */
const arrangements = [
  { run: true, wordy: true, use: true },
  { run: true, wordy: false, use: true },
  { run: false, wordy: false, use: true },
  { run: false, wordy: false, use: false },
];

function identityOf(state: RunState, now: number, run: boolean, wordy: boolean): Line {
  const { word, short, style } = phaseWords(state);
  const elapsedMs = state.startedAt === undefined ? 0 : (state.finishedAt ?? now) - state.startedAt;
  return [
    span(' etl-tui', 'brand'),
    span(`  ${state.plan.pipeline.name}`, 'bold'),
    ...(run ? [span(`  ${state.options.run}`, 'dim')] : []),
    span('  '),
    span(wordy ? word : short, style),
    span(` ${formatClock(elapsedMs)}`),
    ...(state.options.sequential && wordy ? [span(' sequential', 'dim')] : []),
  ];
}

function countsOf(tally: Tally, wordy: boolean, theme: Theme): Line {
  const { count } = tally;
  const groups = [
    { glyph: conditionGlyph('succeeded', theme), count: doneIn(tally) - count.skipped, word: 'done', style: 'good' },
    { glyph: conditionGlyph('running', theme), count: count.running + count.stopping, word: 'running', style: 'busy' },
    { glyph: conditionGlyph('retrying', theme), count: count.retrying, word: 'retrying', style: 'warn' },
    { glyph: conditionGlyph('failed', theme), count: count.failed + count['timed-out'], word: 'failed', style: 'bad' },
    {
      glyph: conditionGlyph('cancelled', theme),
      count: count['upstream-failed'] + count.cancelled,
      word: 'held back',
      style: 'bad',
    },
    { glyph: conditionGlyph('skipped', theme), count: count.skipped, word: 'skipped', style: 'dim' },
    { glyph: conditionGlyph('waiting', theme), count: count.waiting + count.ready, word: 'waiting', style: 'dim' },
  ] as const;
  const shown = groups.filter(({ count: some }, place) => some > 0 || place === 0);
  return shown.flatMap(({ glyph, count: some, word, style }, place): Span[] => [
    span(place === 0 ? '' : wordy ? '  ' : ' '),
    span(`${glyph}${wordy ? ' ' : ''}${some}`, style),
    ...(wordy ? [span(` ${word}`, 'dim')] : []),
  ]);
}

function usageOf(state: RunState, tally: Tally, meters: readonly Meter[], wordy: boolean, theme: Theme): Line {
  const parts: Line[] = meters.map((meter) => [
    span(`${shortNames[meter.name]} `, 'dim'),
    span(sparkline(meter.samples, sparkWidth, meter.max, theme), meterStyle(meter)),
    span(` ${meterText(latestOf(meter), meter).padStart(3)}`, isOverLimit(meter) ? 'warnBold' : 'plain'),
  ]);
  if (wordy) {
    parts.push([span('slots ', 'dim'), span(`${state.running}/${state.maxParallel}`)]);
    if (tally.rows > 0) parts.push([span(formatCount(tally.rows)), span(' rows', 'dim')]);
  }
  const line = parts.flatMap((part, place) => (place === 0 ? part : [span('  '), ...part]));
  return line.length === 0 ? [] : [...line, span(' ')];
}

const sparkWidth = 5;
const shortNames = { CPU: 'cpu', Memory: 'mem', Connections: 'db' } as const;
