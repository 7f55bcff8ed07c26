import type { EpochMs, PlaybackPosition, RunState } from '../../engine/index.ts';
import type { Layout, PaneName, Rect } from '../layout.ts';
import type { TaskRow } from '../panes/tasks/task-rows.ts';
import { bodySize } from '../primitives/pane.ts';
import type { Command } from './command.ts';
import type { LogFacts } from './log-feed.ts';
import type { ScreenState } from './screen-state.ts';

/** All that decides what a key does: what a person has chosen, and how the run stands. */
export type ScreenView = {
  readonly screen: ScreenState;
  readonly state: RunState;
  readonly now: EpochMs;
  /** The rows of the list of tasks. */
  readonly rows: readonly TaskRow[];
  readonly layout: Layout;
  readonly log: LogFacts;
  /** Of a replay. */
  readonly playback?: PlaybackPosition;
  /** How many lines a pane has in all that scrolls by lines. */
  readonly lengthOf: (pane: ScrolledPane) => number;
  /** The first line that a pane shows of itself, while nobody has scrolled it. */
  readonly topOf: (pane: ScrolledPane) => number;
};

export type ScrolledPane = Exclude<PaneName, 'tasks' | 'log'> | 'help';

/** What a key comes to. */
export type Change = { readonly screen: ScreenState; readonly commands?: readonly Command[] };

/** Where a pane stands; undefined when it is not on the screen. */
export function rectOf({ layout }: Pick<ScreenView, 'layout'>, pane: PaneName): Rect | undefined {
  return layout.size === 'too-small' ? undefined : layout.panes[pane];
}

/** How many rows of a pane hold content. */
export function bodyHeight(view: Pick<ScreenView, 'layout' | 'screen'>, pane: PaneName): number {
  const rect = rectOf(view, pane);
  return rect === undefined ? 0 : bodySize({ ...rect, focused: false, zoomed: view.screen.zoomed }).height;
}

/** The task that detail and log are about: the selected one. */
export function selectedTask({ screen }: Pick<ScreenView, 'screen'>): number | undefined {
  return screen.selected?.kind === 'task' ? screen.selected.index : undefined;
}
