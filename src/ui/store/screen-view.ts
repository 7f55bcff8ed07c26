import type { IntervalCollector } from '../../display/timeline/interval-collector.ts';
import type {
  EpochMs,
  Host,
  PlaybackPosition,
  ResourceSample,
  RunState,
  SlaJudgement,
  TaskId,
  TimeLeft,
} from '../../engine/index.ts';
import type { Layout, PaneId, Rect } from '../layout.ts';
import type { History } from '../panes/history/history.ts';
import type { LogWindow } from '../panes/log/log-feed.ts';
import type { TaskRow } from '../panes/tasks/task-rows.ts';
import { bodySize } from '../primitives/pane.ts';
import type { UsageTable } from '../status/task-usage.ts';
import type { Command } from './command.ts';
import type { ScreenState } from './screen-state.ts';

/** All that decides what a key does: what the user has chosen, and the state of the run. Cheap to make; draws nothing. */
export type ScreenView = {
  readonly screen: ScreenState;
  readonly state: RunState;
  readonly now: EpochMs;
  /** The rows of the list of tasks. */
  readonly rows: readonly TaskRow[];
  readonly layout: Layout;
  readonly log: LogWindow;
  /** The task that log and detail show; it stays while a level is selected. */
  readonly logTask: TaskId | undefined;
  readonly intervals: IntervalCollector;
  readonly history: History;
  /** The latest of the machine. */
  readonly sample?: ResourceSample;
  /** The hosts that are there at this moment; absent in a replay, and where tasks run on this machine. */
  readonly hosts?: readonly Host[];
  /** What tasks use; absent where nothing was measured. */
  readonly usage?: UsageTable;
  /** Of a live run, when something is known of it. */
  readonly timeLeft?: TimeLeft;
  /** How the run stands to them; empty without any. */
  readonly slas: readonly SlaJudgement[];
  /** Of a replay. */
  readonly playback?: PlaybackPosition;
  /** Whether it is a stored run that was opened from another screen, to which `q` returns. */
  readonly isPast: boolean;
  /** How many lines a pane that scrolls by lines has in all. */
  readonly lengthOf: (pane: PaneId) => number;
  /** The first line that a pane shows before the user has scrolled it. */
  readonly topOf: (pane: PaneId) => number;
};

/** What a key does: the next state of the screen, and what is to be done outside of it. */
export type Change = { readonly screen: ScreenState; readonly commands?: readonly Command[] };

/** The rectangle of a pane; undefined when it is not on the screen. */
export function rectOf({ layout }: Pick<ScreenView, 'layout'>, pane: PaneId): Rect | undefined {
  return layout.size === 'too-small' ? undefined : layout.panes[pane];
}

/** How many rows of a pane hold content. */
export function bodyHeight(view: Pick<ScreenView, 'layout' | 'screen'>, pane: PaneId): number {
  const rect = rectOf(view, pane);
  return rect === undefined ? 0 : bodySize({ ...rect, focused: false, zoomed: view.screen.zoomed }).height;
}

/** The index of the selected task; undefined while a level is selected. */
export function selectedTask({ screen }: Pick<ScreenView, 'screen'>): number | undefined {
  return screen.selected?.kind === 'task' ? screen.selected.index : undefined;
}
