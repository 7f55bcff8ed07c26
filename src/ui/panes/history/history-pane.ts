import { formatMinute } from '../../../display/format/format-moment.ts';
import { fitLine, type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import type { Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import { changeText } from './change-text.ts';
import { comparisonOf } from './comparison.ts';
import { comparisonLines, type ShownComparison } from './comparison-lines.ts';
import type { History } from './history.ts';
import { historyKeys } from './history-keys.ts';
import { movePast, selectedPast, topOfPast } from './past-selection.ts';
import { overallLine, paramsLine, runLine } from './run-lines.ts';
import { trendLines } from './trend-lines.ts';

export type HistoryView = Pick<History, 'runs' | 'trends' | 'regressions'> & {
  /** The place of the selected run. */
  readonly selected: number;
  /** Shown instead of the trends. */
  readonly comparison?: ShownComparison;
};

export const history: PaneContent = {
  rows: ({ history, screen, state, now }, shape, theme) => {
    const { runs, trends, regressions } = history;
    const comparison = screen.comparing === true ? comparisonOf(screen, history, state, now) : undefined;
    const isOver = state.phase.kind === 'finished';
    const compared = comparison === undefined ? {} : { comparison: { ...comparison, isOver } };
    return historyPane(
      { runs, trends, regressions, selected: selectedPast(screen, history), ...compared },
      shape,
      theme,
    );
  },
  keys: historyKeys,
  move: (view, by) => ({ screen: movePast(view.screen, view.history, by) }),
};

/** Past runs with what the selected one was given, and the trends of the tasks; side by side where there is room. */
export function historyPane(view: HistoryView, shape: PaneShape, theme: Theme): readonly string[] {
  const { width, height } = bodySize(shape);
  const { runs, regressions } = view;
  const { lines, selected } = runs.length === 0 ? noRuns : historyLines(view, width, height, theme);
  return paneRows(
    {
      title: 'History',
      subject: [styled(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`, 'dim')],
      right: regressions.length === 0 ? [] : [styled(slowerText(regressions, width), 'warn')],
      bottomRight: runs.length === 0 ? [] : [styled(`${view.selected + 1}/${runs.length}`, 'dim')],
      ...(selected === undefined ? {} : { selected }),
    },
    lines,
    shape,
    theme,
  );
}

/** What is slower than usual, by name where there is room. */
function slowerText(regressions: HistoryView['regressions'], width: number): string {
  const named = regressions.map(({ task = 'the run', change }) => `${task} ${changeText(change)}`).join(', ');
  const text = `slower than usual: ${named}`;
  return textWidth(text) + titleColumns <= width ? text : `${regressions.length} slower than usual`;
}

/** Of the title beside it. */
const titleColumns = 24;

type Body = { readonly lines: readonly Line[]; readonly selected?: number };

const noRuns: Body = { lines: [[styled(' no runs yet', 'dim')]] };

function historyLines(view: HistoryView, width: number, height: number, theme: Theme): Body {
  const { runs } = view;
  const isSide = width >= minForTwo && (view.trends.length > 0 || view.comparison !== undefined);
  const momentWidth = runs.reduce((widest, { completedAt }) => Math.max(widest, formatMinute(completedAt).length), 0);
  const leftWidth = isSide ? runColumns + momentWidth : width;
  const belowRows = isSide ? 0 : rowsBelow(view, height);
  const left = runList(view, leftWidth, height - belowRows, theme);
  const gap = view.comparison === undefined ? [[]] : [];
  if (belowRows > 0) return { ...left, lines: [...left.lines, ...gap, ...secondPart(view, width, belowRows, theme)] };
  const right = isSide ? secondPart(view, width - leftWidth, height, theme) : [];
  return {
    ...left,
    lines: Array.from({ length: height }, (_, row) => [
      ...fitLine(left.lines[row] ?? [], leftWidth, theme.glyphs.ellipsis),
      ...(right[row] ?? []),
    ]),
  };
}

/** How many rows below the runs are for the trends, or the comparison; where there is no room beside them. */
function rowsBelow({ trends, comparison }: HistoryView, height: number): number {
  if (comparison !== undefined) return Math.max(0, height - Math.max(1, height >> 2));
  // On a low pane the list of runs is worth more than one or two trends; the zoomed pane has both.
  return trends.length === 0 || height < minForTrends ? 0 : Math.min(trends.length + 2, height >> 1);
}

function secondPart({ trends, comparison }: HistoryView, width: number, rows: number, theme: Theme): readonly Line[] {
  if (comparison !== undefined) return comparisonLines(comparison, width, rows, theme);
  return trendLines(trends, width, theme);
}

/**
 * The durations of all runs, as many runs as fit around the selected one, and its parameters; in a few rows above a
 * comparison, which names the parameters that differ, the runs alone.
 */
function runList(view: HistoryView, width: number, height: number, theme: Theme): Required<Body> {
  const { runs, selected, comparison } = view;
  const isBrief = comparison !== undefined && height < minForAll;
  const rows = Math.max(1, Math.min(runs.length, isBrief ? height : height - 2));
  const top = topOfPast(selected, rows, runs.length);
  const shown = runs.slice(top, top + rows).map((run, at) => runLine(run, runs, top + at === selected, width, theme));
  const past = runs[selected];
  if (isBrief || past === undefined) return { lines: shown, selected: selected - top };
  return { lines: [overallLine(runs, width, theme), ...shown, paramsLine(past)], selected: 1 + selected - top };
}

/** Of a run without its moment, whose time zone may be short or long. */
const runColumns = 46;
const minForTwo = 118;
const minForTrends = 9;
const minForAll = 6;
