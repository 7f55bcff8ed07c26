import { describeNotAsked, type RunState } from '../../engine/index.ts';
import { fitText, shortenMiddle } from '../text/fit-text.ts';
import { formatDuration } from '../text/format-duration.ts';
import { textWidth } from '../text/text-width.ts';
import type { Theme } from '../theme.ts';
import { type CheckFace, checkFace } from './check-face.ts';
import { findingLines } from './finding-lines.ts';
import { type Line, lineWidth, span, spread } from './line.ts';
import { bodySize, type PaneShape, paneRows } from './pane.ts';

/** The consistency checks: verdict, what was found, and for what was not right the numbers and the first keys. */
export function checksPane(
  state: RunState,
  now: number,
  top: number,
  shape: PaneShape,
  theme: Theme,
): readonly string[] {
  const { width, height } = bodySize(shape);
  const lines = state.options.runChecks ? checkLines(state, now, width, theme) : [];
  const most = Math.max(0, lines.length - height);
  const first = Math.min(most, Math.max(0, top));
  const empty = state.options.runChecks ? ' this pipeline has no checks' : ' checks are off in this run (--no-checks)';
  return paneRows(
    {
      digit: 5,
      title: 'Checks',
      subject: [span(String(state.checks.length), 'dim')],
      right: verdictCounts(state, width, theme),
      bottomRight: first < most ? [span(`${theme.glyphs.down}${most - first}`, 'dim')] : [],
    },
    lines.length === 0 ? [[span(empty, 'dim')]] : lines.slice(first, first + height),
    shape,
    theme,
  );
}

/** How many lines there are to scroll through. */
export function checksLength(state: RunState, now: number, shape: PaneShape, theme: Theme): number {
  return state.options.runChecks ? checkLines(state, now, bodySize(shape).width, theme).length : 0;
}

function checkLines(state: RunState, now: number, width: number, theme: Theme): readonly Line[] {
  const { checks } = state.plan;
  const longest = checks.reduce((most, { spec }) => Math.max(most, textWidth(spec.name)), 0);
  const nameWidth = Math.min(longest, Math.max(10, Math.floor(width * 0.4)));
  return checks.flatMap(({ spec, index, gates }) => {
    const check = state.checks[index]!;
    const face = faceAt(state, index, theme, now);
    const result = check.kind === 'done' ? check.result : undefined;
    const explained = result !== undefined && result.verdict !== 'pass';
    const words = result === undefined ? waitWords(state, index) : explained ? '' : result.summary;
    const row = [
      span(` ${face.glyph} `, face.style),
      span(fitText(face.word, verdictWidth), face.style),
      span(fitText(shortenMiddle(spec.name, nameWidth, theme.glyphs.ellipsis), nameWidth), face.nameStyle),
      span(`  ${words}`, 'dim'),
    ];
    const right = [
      ...(gates.length > 0 ? [span('  gate', 'dim')] : []),
      ...(result === undefined ? [] : [span(`  ${formatDuration(result.durationMs)}`, 'dim')]),
      span(' '),
    ];
    const line = spread(row, right, width, theme.glyphs.ellipsis);
    return explained ? [line, ...findingLines(result, face.style, width, theme)] : [line];
  });
}

const verdictWidth = 9;

function faceAt(state: RunState, index: number, theme: Theme, now?: number): CheckFace {
  const check = state.checks[index]!;
  if (check.kind !== 'waiting' || describeNotAsked(state, index) === undefined) return checkFace(check, theme, now);
  return { glyph: theme.glyphs.stopped, word: 'not run', style: 'dim', nameStyle: 'dim' };
}

function waitWords(state: RunState, index: number): string {
  const { plan, checks } = state;
  if (checks[index]!.kind === 'running') return 'asking the database';
  const notAsked = describeNotAsked(state, index);
  if (notAsked !== undefined) return notAsked;
  const { after, atEnd } = plan.checks[index]!;
  if (atEnd || after.length === 0) return 'at the end of the run';
  return `after ${after.map((task) => plan.tasks[task]!.spec.id).join(', ')}`;
}

/** How many checks came out how: in words where there is room for them. */
function verdictCounts(state: RunState, width: number, theme: Theme): Line {
  const counts = new Map<string, { readonly face: CheckFace; count: number }>();
  state.checks.forEach((_, index) => {
    const face = faceAt(state, index, theme);
    const counted = counts.get(face.word);
    if (counted === undefined) counts.set(face.word, { face, count: 1 });
    else counted.count += 1;
  });
  const line = (words: boolean): Line =>
    [...counts.values()].flatMap(({ face, count }, place) => [
      span(place === 0 ? '' : '  '),
      span(`${face.glyph} ${count}`, face.style),
      span(words ? ` ${face.word}` : '', 'dim'),
    ]);
  const wordy = line(true);
  return lineWidth(wordy) + titleWidth <= width ? wordy : line(false);
}

/** Room for the title of the pane beside the counts. */
const titleWidth = 18;
