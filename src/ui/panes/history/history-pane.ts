import { formatMinute } from '../../../display/format-moment.ts';
import { fitLine, type Line, styled } from '../../primitives/line.ts';
import { bodySize, type PaneShape, paneRows } from '../../primitives/pane.ts';
import type { Theme } from '../../theme.ts';
import type { PaneContent } from '../pane.ts';
import type { History } from './history.ts';
import { historyKeys } from './history-keys.ts';
import { movePast, selectedPast, topOfPast } from './past-selection.ts';
import { overallLine, paramsLine, runLine } from './run-lines.ts';
import { trendLines } from './trend-lines.ts';

export type HistoryView = Pick<History, 'runs' | 'trends'> & {
  /** The place of the selected run. */
  readonly selected: number;
};

export const history: PaneContent = {
  rows: ({ history: { runs, trends }, screen }, shape, theme) =>
    historyPane({ runs, trends, selected: selectedPast(screen, { runs }) }, shape, theme),
  keys: historyKeys,
  move: (view, by) => ({ screen: movePast(view.screen, view.history, by) }),
};

/** Past runs with what the selected one was given, and the trends of the tasks; side by side where there is room. */
export function historyPane(view: HistoryView, shape: PaneShape, theme: Theme): readonly string[] {
  const { width, height } = bodySize(shape);
  const { runs, trends } = view;
  const regressed = trends.filter((trend) => trend.regressed).length;
  const { lines, selected } = runs.length === 0 ? noRuns : historyLines(view, width, height, theme);
  return paneRows(
    {
      title: 'History',
      subject: [styled(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`, 'dim')],
      right: regressed === 0 ? [] : [styled(`${regressed} slower than usual`, 'warn')],
      bottomRight: runs.length === 0 ? [] : [styled(`${view.selected + 1}/${runs.length}`, 'dim')],
      ...(selected === undefined ? {} : { selected }),
    },
    lines,
    shape,
    theme,
  );
}

type Body = { readonly lines: readonly Line[]; readonly selected?: number };

const noRuns: Body = { lines: [[styled(' no runs yet', 'dim')]] };

function historyLines(view: HistoryView, width: number, height: number, theme: Theme): Body {
  const { runs, trends } = view;
  const side = width >= minForTwo && trends.length > 0;
  const momentWidth = runs.reduce((widest, { completedAt }) => Math.max(widest, formatMinute(completedAt).length), 0);
  const leftWidth = side ? runColumns + momentWidth : width;
  // On a low pane the list of runs is worth more than one or two trends; the zoomed pane has both.
  const trendRows = side || trends.length === 0 || height < minForTrends ? 0 : Math.min(trends.length + 2, height >> 1);
  const left = runList(view, leftWidth, height - trendRows, theme);
  const below = trendRows === 0 ? [] : [[], ...trendLines(trends, width, theme)];
  if (!side) return { ...left, lines: [...left.lines, ...below] };
  const right = trendLines(trends, width - leftWidth, theme);
  return {
    ...left,
    lines: Array.from({ length: height }, (_, row) => [
      ...fitLine(left.lines[row] ?? [], leftWidth, theme.glyphs.ellipsis),
      ...(right[row] ?? []),
    ]),
  };
}

/** The durations of all runs, as many runs as fit around the selected one, and its parameters. */
function runList({ runs, selected }: HistoryView, width: number, height: number, theme: Theme): Required<Body> {
  const rows = Math.max(1, Math.min(runs.length, height - 2));
  const top = topOfPast(selected, rows, runs.length);
  const shown = runs.slice(top, top + rows).map((run, at) => runLine(run, runs, top + at === selected, width, theme));
  const past = runs[selected];
  return {
    lines: [overallLine(runs, width, theme), ...shown, ...(past === undefined ? [] : [paramsLine(past)])],
    selected: 1 + selected - top,
  };
}

/** Of a run without its moment, whose time zone may be short or long. */
const runColumns = 46;
const minForTwo = 118;
const minForTrends = 9;
