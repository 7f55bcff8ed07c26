import type { LevelId } from '../../engine/index.ts';
import type { PaneId } from '../layout.ts';
import type { TaskListView } from '../panes/tasks/task-rows.ts';
import type { Command } from './command.ts';

/** What a row of the list is about; it stays the same when the list is sorted anew. */
export type RowKey =
  | { readonly kind: 'task'; readonly index: number }
  | { readonly kind: 'level'; readonly level: LevelId };

/** What stands in place of the footer, and gets the keys. */
export type Prompt =
  | {
      readonly kind: 'question';
      readonly text: string;
      /** The same in fewer words, from long to short, for where there is less room. */
      readonly shorter: readonly string[];
      readonly yes: readonly Command[];
      /** A key that means yes as well, because pressing it twice shows that it is meant. */
      readonly again?: string;
    }
  /** `before` is what comes back when it is given up. */
  | { readonly kind: 'filter'; readonly text: string; readonly before: string }
  | { readonly kind: 'search'; readonly text: string };

/** A short answer that fades: how something was done, or why it was not. */
export type Message = { readonly text: string; readonly style: 'plain' | 'warn' };

export type LogPosition = {
  /** The attempt that is shown; undefined = the latest. */
  readonly attempt?: number;
  readonly following: boolean;
  /** The first line shown while it does not follow. */
  readonly top: number;
  /** How many lines there were when it was paused. */
  readonly pausedAt: number;
  readonly wrap: boolean;
  readonly errorsOnly: boolean;
  /** Columns that are scrolled out at the left. */
  readonly offset: number;
  readonly search?: {
    readonly text: string /** The match one is at, from 1; 0 = none yet. */;
    readonly current: number;
  };
};

/** All that a person has chosen on the screen; nothing of the run. Immutable. */
export type ScreenState = {
  readonly columns: number;
  readonly rows: number;
  /** The pane that the keys are for. */
  readonly focus: PaneId;
  readonly zoomed: boolean;
  readonly detail: boolean;
  /** The pane that a person went to last and that may have no place of its own. */
  readonly shown?: PaneId;
  /** The first row of the help, while it is open. */
  readonly help?: number;
  readonly list: TaskListView;
  readonly selected?: RowKey;
  /** The row where the selected one was last seen; its neighbour is selected when it disappears. */
  readonly selectedRow: number;
  readonly listTop: number;
  /** A person has chosen a row; until then the selection goes with the run. */
  readonly touched: boolean;
  readonly marked: ReadonlySet<number>;
  /** The check that a person went to, by index. */
  readonly check?: number;
  /** The first line of panes that were scrolled; without one a timeline shows its end, and the checks the one gone to. */
  readonly tops: Readonly<Partial<Record<PaneId, number>>>;
  readonly log: LogPosition;
  readonly prompt?: Prompt;
  readonly message?: Message;
  readonly mouse: boolean;
};

export function initialScreen(columns: number, rows: number): ScreenState {
  return {
    columns,
    rows,
    focus: 'tasks',
    zoomed: false,
    detail: false,
    list: { folded: new Set(), filter: '', order: 'level', hideDone: false },
    selectedRow: 0,
    listTop: 0,
    touched: false,
    marked: new Set(),
    tops: {},
    log: { following: true, top: 0, pausedAt: 0, wrap: false, errorsOnly: false, offset: 0 },
    mouse: false,
  };
}
