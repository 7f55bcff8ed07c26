import { entryAt, explainWait } from '../../engine/index.ts';
import { helpKeys } from '../keys/key-lines.ts';
import type { PaneName } from '../layout.ts';
import { bodySize, type PaneShape, paneRows } from '../primitives/pane.ts';
import type { Frame, PaneMeasure } from '../store/frame.ts';
import { rectOf, type ScrolledPane } from '../store/screen-view.ts';
import type { Theme } from '../theme.ts';
import { checksLength, checksPane, checksTop } from './checks/checks-pane.ts';
import { type DetailView, detailLength, detailPane } from './detail/detail-pane.ts';
import { helpLength } from './help/help-pane.ts';
import { historyPane } from './history/history-pane.ts';
import { type LogPaneView, logPane } from './log/log-pane.ts';
import { tasksPane } from './tasks/tasks-pane.ts';
import { timelinePane } from './timeline/timeline-pane.ts';

type SinglePane = Exclude<PaneName, 'charts'>;

/** The rows of a pane, borders included. */
export function paneContent(pane: SinglePane, frame: Frame, shape: PaneShape, theme: Theme): readonly string[] {
  return contents[pane](frame, shape, theme);
}

/** Measures the panes that scroll by lines as they are drawn in `theme`. */
export function paneMeasure(theme: Theme): PaneMeasure {
  return {
    lengthOf: (pane, frame) => paneLength(pane, frame, theme),
    topOf: (pane, frame) => {
      const { height } = bodySize(shapeOf(pane, frame));
      if (pane === 'timeline') return paneLength(pane, frame, theme) - height;
      if (pane !== 'checks') return 0;
      return checksTop(frame.state, frame.screen.check, shapeOf(pane, frame), theme);
    },
  };
}

function shapeOf(pane: ScrolledPane, frame: Frame): PaneShape {
  const { columns, rows } = frame.screen;
  const rect = pane === 'help' ? undefined : rectOf(frame, pane);
  const { width, height } = rect ?? { width: columns, height: rows };
  return { width, height, focused: true, zoomed: frame.screen.zoomed && pane !== 'help' };
}

function paneLength(pane: ScrolledPane, frame: Frame, theme: Theme): number {
  const shape = shapeOf(pane, frame);
  switch (pane) {
    case 'charts':
      return 0;
    case 'timeline':
      return frame.intervals.started.length;
    case 'history':
      return frame.history.runs.length;
    case 'checks':
      return checksLength(frame.state, frame.now, shape, theme);
    case 'help':
      return helpLength(helpKeys(frame), shape);
    case 'detail': {
      const view = detailView(frame);
      return view === undefined ? 0 : detailLength(view, shape, theme);
    }
  }
}

type Content = (frame: Frame, shape: PaneShape, theme: Theme) => readonly string[];

const contents: Readonly<Record<SinglePane, Content>> = {
  tasks: (frame, shape, theme) => {
    const { screen, state, now, rows } = frame;
    const { list, listTop, place, marked } = screen;
    const why = (index: number) => explainWait(state, index, now);
    return tasksPane({ state, now, list, rows, top: listTop, selected: place, marked, why }, shape, theme);
  },
  log: (frame, shape, theme) => logPane(logView(frame), shape, theme),
  detail: (frame, shape, theme) => {
    const view = detailView(frame);
    return view === undefined ? paneRows({ title: 'Detail' }, [], shape, theme) : detailPane(view, shape, theme);
  },
  timeline: (frame, shape, theme) => {
    const { screen, state, now, intervals: spans, criticalPath } = frame;
    const view = {
      plan: state.plan,
      tasks: spans.started,
      startedAt: state.startedAt ?? now,
      now: state.finishedAt ?? now,
      live: state.phase.kind !== 'finished',
      criticalPath,
    };
    return timelinePane(view, screen.tops.timeline, shape, theme);
  },
  checks: ({ state, now, screen }, shape, theme) =>
    checksPane({ state, now, top: screen.tops.checks, check: screen.check }, shape, theme),
  history: ({ screen, history }, shape, theme) =>
    historyPane({ ...history, top: screen.tops.history ?? 0 }, shape, theme),
};

function detailView({ screen, state, now, intervals: spans, logTask }: Frame): DetailView | undefined {
  const task = logTask === undefined ? undefined : state.plan.indexOf.get(logTask);
  if (task === undefined) return undefined;
  const why = explainWait(state, task, now);
  const top = screen.tops.detail ?? 0;
  return { state, now, task, intervals: spans.ofTask(task), top, ...(why === undefined ? {} : { why }) };
}

function logView({ screen, state, log, logTask }: Frame): LogPaneView {
  const { following, pausedAt, wrap, errorsOnly, offset, search } = screen.log;
  const latest = logTask === undefined ? 0 : entryAt(state.tasks, state.plan.indexOf.get(logTask)!).attempts;
  return {
    ...(logTask === undefined ? {} : { task: logTask }),
    attempt: Math.max(1, log.attempt || latest),
    lines: log.lines,
    total: log.total,
    following,
    fresh: following ? 0 : Math.max(0, log.total - pausedAt),
    wrap,
    errorsOnly,
    offset,
    ...(search === undefined ? {} : { search: searchView(search, log) }),
  };
}

function searchView(
  { text, current }: NonNullable<Frame['screen']['log']['search']>,
  { matches, first }: Frame['log'],
): NonNullable<LogPaneView['search']> {
  const line = matches[current - 1];
  return { text, current, total: matches.length, ...(line === undefined ? {} : { line: line - first }) };
}
