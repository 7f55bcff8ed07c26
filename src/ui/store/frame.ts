import type { RunState, TaskId } from '../../engine/index.ts';
import { type Layout, layout } from '../layout.ts';
import type { Meter } from '../panes/charts/meter.ts';
import type { History } from '../panes/history/history.ts';
import type { IntervalCollector } from '../panes/timeline/interval-collector.ts';
import type { ScreenState } from './screen-state.ts';
import type { ScreenView, ScrolledPane } from './screen-view.ts';

/** All that is drawn at one moment. Immutable, but for the spans, which grow. */
export type Frame = ScreenView & {
  readonly intervals: IntervalCollector;
  /** The task that log and detail are about; it stays while a level is selected. */
  readonly logTask: TaskId | undefined;
  readonly criticalPath: readonly number[];
  readonly history: History;
  readonly meters: readonly Meter[];
};

/** What is to be known of panes that scroll by lines; it depends on the theme. */
export type PaneMeasure = {
  /** How many lines a pane has in all. */
  lengthOf(pane: ScrolledPane, frame: Frame): number;
  /** Its first line while nobody has scrolled it. */
  topOf(pane: ScrolledPane, frame: Frame): number;
};

/** Where everything stands; `charts` tells how many there are. */
export function layoutOf(screen: ScreenState, { plan }: RunState, charts: number): Layout {
  const { columns, rows, zoomed, focus, detail, shown, list } = screen;
  const levels = list.order === 'level' ? plan.levels.size : 0;
  return layout(columns, rows, {
    ...(zoomed ? { zoom: focus } : {}),
    ...(shown === undefined ? {} : { shown }),
    detail,
    charts,
    taskRows: plan.tasks.length + levels,
  });
}

const spinnerMs = 100;

/** When the picture changes though nothing happens: a spinner turns, a clock ticks, a message fades. */
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
