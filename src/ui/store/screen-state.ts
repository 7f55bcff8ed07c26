import type { LevelId, TaskId } from '../../engine/index.ts';
import type { PaneId } from '../layout.ts';
import type { TaskListView } from '../panes/tasks/task-rows.ts';
import type { Command } from './command.ts';

/** Identifies a row of the list; the same row keeps it when the list is sorted anew. */
export type RowKey =
  | { readonly kind: 'task'; readonly index: number }
  | { readonly kind: 'level'; readonly level: LevelId }
  /** All instances of a task with a matrix. */
  | { readonly kind: 'family'; readonly family: TaskId };

/** What replaces the footer, and receives the keys. */
export type Prompt =
  | {
      readonly kind: 'question';
      readonly text: string;
      /** Shorter variants of the text, from long to short, for narrow screens. */
      readonly shorter: readonly string[];
      readonly yes: readonly Command[];
      /** The key that opened the question and that, pressed once more, also means yes. */
      readonly again?: string;
    }
  /** `before` is restored when the user cancels. */
  | { readonly kind: 'filter'; readonly text: string; readonly before: string }
  | { readonly kind: 'search'; readonly text: string };

/** A short message that disappears by itself: what was done, or why nothing was. */
export type Message = { readonly text: string; readonly style: 'plain' | 'warn' };

export type LogPosition = {
  /** Shows the output of all tasks. */
  readonly all: boolean;
  /** The attempt that is shown; undefined = the latest. */
  readonly attempt?: number;
  readonly following: boolean;
  /** The first line shown while it does not follow. */
  readonly top: number;
  /** How many lines there were when it was paused. */
  readonly pausedAt: number;
  readonly wrap: boolean;
  readonly errorsOnly: boolean;
  /** Whether each line says when it came, and which were printed to the second stream. */
  readonly stamps: boolean;
  /** Columns scrolled out of view at the left. */
  readonly offset: number;
  /** The lines that are marked to be copied, by position: where it began, and where it is now, before or behind. */
  readonly mark?: { readonly anchor: number; readonly head: number };
  readonly search?: {
    readonly text: string;
    /** The current match, from 1; 0 = none yet. */
    readonly current: number;
  };
};

/** What the user has chosen on the screen; nothing of the run. Immutable. */
export type ScreenState = {
  readonly columns: number;
  readonly rows: number;
  /** The pane that has the focus. */
  readonly focus: PaneId;
  readonly zoomed: boolean;
  readonly detail: boolean;
  /** The pane that the user opened last; the layout may have no place of its own for it. */
  readonly shown?: PaneId;
  /** The first row of the help, while it is open. */
  readonly help?: number;
  readonly list: TaskListView;
  readonly selected?: RowKey;
  /** Index of the selected row in the list; its neighbour is selected when the row disappears. */
  readonly selectedRow: number;
  readonly listTop: number;
  /** The user has selected a row; until then the selection follows the running tasks. */
  readonly touched: boolean;
  readonly marked: ReadonlySet<number>;
  /** The check that the user selected, by index. */
  readonly check?: number;
  /** The id of the past run that the user selected. */
  readonly pastRun?: string;
  /** Whether the selected past run is compared with another. */
  readonly comparing?: true;
  /** How many steps of the neighbourhood of `of` are shown, and the name of the node that the cursor is on. */
  readonly graph?: { readonly of: string; readonly depth: number; readonly at: string };
  /** The first line of each pane that was scrolled; the others start at the pane's `top`. */
  readonly tops: Readonly<Partial<Record<PaneId, number>>>;
  readonly log: LogPosition;
  readonly prompt?: Prompt;
  readonly message?: Message;
  readonly mouse: boolean;
};

export function initialScreen(columns: number, rows: number, mouse = false): ScreenState {
  return {
    columns,
    rows,
    focus: 'tasks',
    zoomed: false,
    detail: false,
    list: { folded: new Set(), unfolded: new Set(), filter: '', order: 'file', hideDone: false },
    selectedRow: 0,
    listTop: 0,
    touched: false,
    marked: new Set(),
    tops: {},
    log: { all: false, following: true, top: 0, pausedAt: 0, wrap: false, errorsOnly: false, stamps: false, offset: 0 },
    mouse,
  };
}
