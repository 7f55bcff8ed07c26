/** A rectangle of the screen, in columns and rows from the top left corner. */
export type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The id of a pane in `panes/registry.ts`, such as `tasks`. */
export type PaneId = string;

export type LayoutOptions = {
  /** The pane that has the whole screen between header and footer, without borders. */
  readonly zoom?: PaneId;
  /** Shows the detail pane: beside the others on a large screen, else in the place of the log. */
  readonly detail?: boolean;
  /** The pane that the user opened last; one that the layout has no place for is shown in the place of the log. */
  readonly shown?: PaneId;
  /** Rows of the list of tasks with everything unfolded; room that it does not need goes to another pane. */
  readonly taskRows?: number;
  /** Columns that the list of tasks needs, with its borders; it gets them before charts and log get more than they need. */
  readonly taskColumns?: number;
};

export type Layout =
  | { readonly size: 'too-small' }
  | {
      readonly size: 'S' | 'M' | 'L';
      readonly header: Rect;
      readonly footer: Rect;
      /** The panes on the screen; they neither overlap nor leave a gap. */
      readonly panes: Readonly<Record<PaneId, Rect>>;
    };

/**
 * Divides a screen: one column below 100x30 (S), two below 160 columns (M), two or three above (L). With the same content, the
 * list of tasks of an M or L is never narrower on a wider screen, as long as no detail is beside it.
 */
export function layout(columns: number, rows: number, options: LayoutOptions = {}): Layout {
  if (columns < minScreen.columns || rows < minScreen.rows) return { size: 'too-small' };
  const size = columns < 100 || rows < 30 ? 'S' : columns < 160 ? 'M' : 'L';
  const header = { x: 0, y: 0, width: columns, height: 1 };
  const footer = { x: 0, y: rows - 1, width: columns, height: 1 };
  const body = { x: 0, y: 1, width: columns, height: rows - 2 };
  const panes = options.zoom === undefined ? arrangements[size](body, options) : { [options.zoom]: body };
  return { size, header, footer, panes };
}

/** On a smaller screen no pane is shown. */
export const minScreen = { columns: 60, rows: 15 } as const;

type Panes = Readonly<Record<PaneId, Rect>>;

const arrangements = { S: small, M: medium, L: large };

function small(body: Rect, options: LayoutOptions): Panes {
  const [upper, lower] = cutRows(body, Math.round(body.height * 0.6));
  return { tasks: upper, [lowerPane(options, { tasks: upper })]: lower };
}

function medium(body: Rect, options: LayoutOptions): Panes {
  const [left, right] = cutColumns(body, tasksWidth(body.width, 0.45, minRest, options));
  const [upper, lower] = cutRows(right, Math.min(10, Math.round(right.height * 0.28)));
  const panes = { ...shareRows(left, 'timeline', options), charts: upper };
  return { ...panes, [lowerPane(options, panes)]: lower };
}

function large(body: Rect, options: LayoutOptions): Panes {
  const beside = options.detail ? minMiddle + minDetail : minRest;
  const [left, rest] = cutColumns(body, tasksWidth(body.width, 0.34, beside, options));
  const [middle, detail] = options.detail ? cutColumns(rest, rest.width - detailColumns(rest)) : [rest, undefined];
  const [charts, below] = cutRows(middle, Math.min(12, Math.round(middle.height * 0.25)));
  const [timeline, lower] = cutRows(below, Math.min(12, Math.round(middle.height * 0.27)));
  const panes = {
    ...shareRows(left, 'checks', options),
    charts,
    timeline,
    ...(detail === undefined ? {} : { detail }),
  };
  return { ...panes, [lowerPane({ ...options, detail: false }, panes)]: lower };
}

/** What the list of tasks needs, as far as the rest of the screen keeps what it needs; at least `share` of the columns. */
function tasksWidth(columns: number, share: number, rest: number, { taskColumns = maxTasks }: LayoutOptions): number {
  const most = columns - Math.max(rest, Math.ceil(columns * minRestShare));
  const least = Math.max(Math.round(columns * share), columns < 160 ? 0 : minTasks);
  return Math.max(least, Math.min(Math.max(minNeed, taskColumns), maxTasks, most));
}

/** Columns beside the list of tasks: charts side by side, and lines of a log that are worth reading. */
const minRest = 60;
const minRestShare = 0.42;
/** As much as with 120 columns, so that nothing is cut beside a detail that fits there. */
const minTasks = 60;
/** More than `M` gives at its widest by share alone, so that the list does not become narrower in `L`. */
const minNeed = 72;
const maxTasks = 140;
const minMiddle = 72;
const minDetail = 60;

/** The list of tasks, and below it `other` when the list leaves enough room for it. */
function shareRows(rect: Rect, other: PaneId, { taskRows = Number.POSITIVE_INFINITY }: LayoutOptions): Panes {
  const left = rect.height - taskRows - 2;
  if (left < minShared) return { tasks: rect };
  const [tasks, lower] = cutRows(rect, rect.height - Math.min(left, maxShared));
  return { tasks, [other]: lower };
}

const minShared = 8;
const maxShared = 18;

function detailColumns({ width }: Rect): number {
  return Math.min(minDetail, Math.max(Math.round(width * 0.38), width - minMiddle));
}

/** The pane in the place of the log. */
function lowerPane({ shown, detail }: LayoutOptions, placed: Panes): PaneId {
  if (shown !== undefined && !(shown in placed)) return shown;
  return detail ? 'detail' : 'log';
}

function cutRows(rect: Rect, height: number): readonly [Rect, Rect] {
  return [
    { ...rect, height },
    { ...rect, y: rect.y + height, height: rect.height - height },
  ];
}

function cutColumns(rect: Rect, width: number): readonly [Rect, Rect] {
  return [
    { ...rect, width },
    { ...rect, x: rect.x + width, width: rect.width - width },
  ];
}
