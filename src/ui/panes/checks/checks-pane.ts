import { formatDuration } from '../../../display/format-duration.ts';
import { describeNotAsked, type RunState } from '../../../engine/index.ts';
import { type Line, lineWidth, spread, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { fitText, shortenMiddle } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { type CheckDisplay, checkDisplay } from '../../status/check-display.ts';
import type { Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { findingLines } from './finding-lines.ts';

export type ChecksView = {
  readonly state: RunState;
  readonly now: number;
  /** The first line that is shown; undefined = as far down as `check` needs. */
  readonly top: number | undefined;
  /** The check that a person went to, by index. */
  readonly check: number | undefined;
};

export const checks: PaneContent = {
  rows: ({ state, now, screen }, shape, theme) =>
    checksPane({ state, now, top: screen.tops['checks'], check: screen.check }, shape, theme),
  length: ({ state, now }, shape, theme) => checksLength(state, now, shape, theme),
  top: ({ state, screen }, shape, theme) => checksTop(state, screen.check, shape, theme),
};

/** The consistency checks: verdict, what was found, and for what was not right the numbers and the first keys. */
export function checksPane(view: ChecksView, shape: PaneShape, theme: Theme): readonly string[] {
  const { state, now, check } = view;
  const { width, height } = bodySize(shape);
  const lines = linesOf(state, now, width, theme);
  const most = Math.max(0, lines.length - height);
  const first = Math.min(most, Math.max(0, view.top ?? checksTop(state, check, shape, theme)));
  const row = check === undefined ? undefined : lineOfCheck(state, check, width, theme);
  const empty = state.options.runChecks ? ' this pipeline has no checks' : ' checks are off in this run (--no-checks)';
  return paneRows(
    {
      title: 'Checks',
      subject: [styled(String(state.checks.length), 'dim')],
      right: verdictCounts(state, width, theme),
      bottomRight: first < most ? [styled(`${theme.glyphs.down}${most - first}`, 'dim')] : [],
      ...(row === undefined ? {} : { selected: row - first }),
    },
    lines.length === 0 ? [[styled(empty, 'dim')]] : lines.slice(first, first + height),
    shape,
    theme,
  );
}

/** How many lines there are to scroll through. */
function checksLength(state: RunState, now: number, shape: PaneShape, theme: Theme): number {
  return linesOf(state, now, bodySize(shape).width, theme).length;
}

/** The first line that shows a check with all that it found, where that has room; 0 without a check. */
function checksTop(state: RunState, check: number | undefined, shape: PaneShape, theme: Theme): number {
  if (check === undefined) return 0;
  const { width, height } = bodySize(shape);
  const at = lineOfCheck(state, check, width, theme);
  const end = lineOfCheck(state, check + 1, width, theme);
  return Math.min(at, Math.max(0, end - height));
}

/** In which line a check begins. */
function lineOfCheck(state: RunState, check: number, width: number, theme: Theme): number {
  return linesOf(state, 0, width, theme, check).length;
}

/** @param before only the checks before this one */
function linesOf(state: RunState, now: number, width: number, theme: Theme, before?: number): readonly Line[] {
  if (!state.options.runChecks) return [];
  const checks = state.plan.checks.slice(0, before);
  const longest = state.plan.checks.reduce((most, { spec }) => Math.max(most, textWidth(spec.name)), 0);
  const nameWidth = Math.min(longest, Math.max(10, Math.floor(width * 0.4)));
  return checks.flatMap(({ spec, index, gates }) => {
    const check = state.checks[index]!;
    const face = faceAt(state, index, theme, now);
    const result = check.kind === 'done' ? check.result : undefined;
    const explained = result !== undefined && result.verdict !== 'pass';
    const words = result === undefined ? formatCheckWait(state, index) : explained ? '' : result.summary;
    const row = [
      styled(` ${face.glyph} `, face.style),
      styled(fitText(face.word, verdictWidth), face.style),
      styled(fitText(shortenMiddle(spec.name, nameWidth, theme.glyphs.ellipsis), nameWidth), face.nameStyle),
      styled(`  ${words}`, 'dim'),
    ];
    const right = [
      ...(gates.length > 0 ? [styled('  gate', 'dim')] : []),
      ...(result === undefined ? [] : [styled(`  ${formatDuration(result.durationMs)}`, 'dim')]),
      styled(' '),
    ];
    const line = spread(row, right, width, theme.glyphs.ellipsis);
    return explained ? [line, ...findingLines(result, face.style, width, theme)] : [line];
  });
}

const verdictWidth = 9;

function faceAt(state: RunState, index: number, theme: Theme, now?: number): CheckDisplay {
  const check = state.checks[index]!;
  if (check.kind !== 'waiting' || describeNotAsked(state, index) === undefined) return checkDisplay(check, theme, now);
  return { glyph: theme.glyphs.stopped, word: 'not run', style: 'dim', nameStyle: 'dim' };
}

function formatCheckWait(state: RunState, index: number): string {
  const { plan, checks } = state;
  if (checks[index]!.kind === 'running') return 'asking the database';
  const notAsked = describeNotAsked(state, index);
  if (notAsked !== undefined) return notAsked;
  const { after, atEnd } = plan.checks[index]!;
  if (atEnd) return 'at the end of the run';
  if (after.length === 0) return 'at the start of the run';
  return `after ${after.map((task) => plan.tasks[task]!.spec.id).join(', ')}`;
}

/** How many checks came out how: in words where there is room for them. */
function verdictCounts(state: RunState, width: number, theme: Theme): Line {
  const counts = new Map<string, { readonly face: CheckDisplay; count: number }>();
  state.checks.forEach((_, index) => {
    const face = faceAt(state, index, theme);
    const counted = counts.get(face.word);
    if (counted === undefined) counts.set(face.word, { face, count: 1 });
    else counted.count += 1;
  });
  const line = (words: boolean): Line =>
    [...counts.values()].flatMap(({ face, count }, place) => [
      styled(place === 0 ? '' : '  '),
      styled(`${face.glyph} ${count}`, face.style),
      styled(words ? ` ${face.word}` : '', 'dim'),
    ]);
  const wordy = line(true);
  return lineWidth(wordy) + titleWidth <= width ? wordy : line(false);
}

/** Room for the title of the pane beside the counts. */
const titleWidth = 18;
