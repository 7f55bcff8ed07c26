import type { RunState } from '../../engine/index.ts';
import { type Layout, layout, type PaneId } from '../layout.ts';
import type { Meter } from '../panes/charts/meter.ts';
import { neededColumns } from '../panes/tasks/task-columns.ts';
import { wholeListRows } from '../panes/tasks/task-rows.ts';
import type { ScreenState } from './screen-state.ts';
import type { ScreenView } from './screen-view.ts';

/** All that is drawn at one moment. Immutable, except for the intervals, which grow. */
export type Frame = ScreenView & {
  /** Indices of the tasks on the critical path; empty where no timeline is on the screen. */
  readonly criticalPath: readonly number[];
  readonly meters: readonly Meter[];
};

/** Measures the panes that scroll by lines; the theme decides how they wrap. */
export type PaneMeasure = {
  /** How many lines a pane has in all. */
  lengthOf(pane: PaneId, view: ScreenView): number;
  /** Its first line before the user has scrolled it. */
  topOf(pane: PaneId, view: ScreenView): number;
};

/** The layout of a screen in its present state. */
export function layoutOf(screen: ScreenState, { plan }: RunState): Layout {
  const { columns, rows, zoomed, focus, detail, shown, list } = screen;
  return layout(columns, rows, {
    ...(zoomed ? { zoom: focus } : {}),
    ...(shown === undefined ? {} : { shown }),
    detail,
    taskRows: wholeListRows(list, plan),
    // With levels, so that the panes stay where they are when the list is sorted.
    taskColumns: neededColumns(plan, plan.levels.size > 0),
  });
}

const spinnerMs = 100;

/** In how many milliseconds the picture changes although nothing happens: a spinner turns, a clock ticks, a message fades. */
export function dueIn({ state, now, screen, playback }: Frame, fadesInMs: number): number | undefined {
  const isLive = state.phase.kind !== 'finished' && playback?.isPlaying !== false;
  const turns = state.running > 0 || playback !== undefined || state.checks.some(({ kind }) => kind === 'running');
  const due = [
    ...(isLive && turns ? [spinnerMs] : []),
    ...(isLive ? [1_000 - ((now - (state.startedAt ?? now)) % 1_000)] : []),
    ...(screen.message === undefined ? [] : [fadesInMs]),
  ];
  return due.length === 0 ? undefined : Math.max(1, Math.min(...due));
}
