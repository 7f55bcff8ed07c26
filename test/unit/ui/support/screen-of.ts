import { createIntervalCollector } from '../../../../src/display/timeline/interval-collector.ts';
import type { EpochMs, LevelId, RunState, TaskId } from '../../../../src/engine/index.ts';
import { pressKey } from '../../../../src/ui/keys/press-key.ts';
import { layout } from '../../../../src/ui/layout.ts';
import { type History, noHistory } from '../../../../src/ui/panes/history/history.ts';
import type { LogWindow } from '../../../../src/ui/panes/log/log-feed.ts';
import { syncSelection } from '../../../../src/ui/panes/tasks/selection.ts';
import { type TaskRow, taskRows } from '../../../../src/ui/panes/tasks/task-rows.ts';
import type { Command } from '../../../../src/ui/store/command.ts';
import { initialScreen, type ScreenState } from '../../../../src/ui/store/screen-state.ts';
import { bodyHeight, type ScreenView } from '../../../../src/ui/store/screen-view.ts';
import { halfWayRun } from './half-way-run.ts';

const half = halfWayRun();

const startedReplay = { isPlaying: true, isAtEnd: false, speed: 10, elapsedMs: 41_000, totalMs: 90_000, rewinds: 0 };

export type Given = {
  readonly state?: RunState;
  readonly columns?: number;
  readonly rows?: number;
  readonly log?: Partial<LogWindow>;
  readonly playback?: Partial<ScreenView['playback']>;
  readonly history?: History;
  /** Whether it is a past run that was opened from another screen. */
  readonly isPast?: true;
};

/** A screen that is looked at between keys, without a terminal. */
export type PressedScreen = {
  readonly view: ScreenView;
  readonly screen: ScreenState;
  readonly commands: readonly Command[];
  press(...keys: readonly string[]): PressedScreen;
  resize(columns: number, rows: number): PressedScreen;
  /** The run has gone on. */
  go(state: RunState): PressedScreen;
};

/** The screen of the bundled pipeline, 41 seconds into its run, or of another state. */
export function screenOf(given: Given = {}): PressedScreen {
  return at(initialScreen(given.columns ?? 120, given.rows ?? 40), [], given);
}

function at(unsettled: ScreenState, commands: readonly Command[], given: Given): PressedScreen {
  const state = given.state ?? half.state;
  const now = half.now as EpochMs;
  const { columns, rows: height, zoomed, focus, shown, detail } = unsettled;
  const placed = layout(columns, height, {
    ...(zoomed ? { zoom: focus } : {}),
    ...(shown === undefined ? {} : { shown }),
    detail,
  });
  const rows = taskRows(state, unsettled.list, now);
  const screen = syncSelection(unsettled, rows, state, bodyHeight({ screen: unsettled, layout: placed }, 'tasks'));
  const log = { attempt: 1, total: 0, lines: [], first: 0, matches: [], isSearched: true, ...given.log };
  const view: ScreenView = {
    screen,
    state,
    now,
    rows,
    layout: placed,
    log,
    logTask: undefined,
    slas: [],
    intervals: createIntervalCollector(state.plans),
    history: given.history ?? noHistory,
    isPast: given.isPast === true,
    lengthOf: () => 100,
    topOf: () => 0,
    ...(given.playback === undefined ? {} : { playback: { ...startedReplay, ...given.playback } }),
  };
  return {
    view,
    screen,
    commands,
    press: (...keys) => {
      const [key, ...rest] = keys;
      if (key === undefined) return at(screen, commands, given);
      const change = pressKey(view, key);
      return at(change.screen, [...commands, ...(change.commands ?? [])], given).press(...rest);
    },
    resize: (columns, rows) => at({ ...screen, columns, rows }, commands, given),
    go: (next) => at(screen, commands, { ...given, state: next }),
  };
}

/** The selected row, as its name. */
export function selectedName({ view }: PressedScreen): string {
  const row = view.rows[view.screen.selectedRow];
  return row === undefined ? '' : rowName(row, view.state);
}

function rowName(row: TaskRow, state: RunState): TaskId | LevelId {
  if (row.kind === 'task') return state.plan.tasks[row.index]!.spec.id;
  return row.kind === 'level' ? row.level : row.family;
}
