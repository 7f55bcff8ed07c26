import { entryAt, explainWait } from '../../engine/index.ts';
import type { PaneName } from '../layout.ts';
import type { Frame } from '../store/screen-store.ts';
import type { Theme } from '../theme.ts';
import { checksPane } from '../view/checks-pane.ts';
import { detailPane } from '../view/detail-pane.ts';
import { historyPane } from '../view/history-pane.ts';
import { logPane } from '../view/log-pane.ts';
import { type PaneShape, paneRows } from '../view/pane.ts';
import { tasksPane } from '../view/tasks-pane.ts';
import { timelinePane } from '../view/timeline-pane.ts';

type SinglePane = Exclude<PaneName, 'charts'>;

/** The rows of a pane, borders included. */
export function paneContent(pane: SinglePane, frame: Frame, shape: PaneShape, theme: Theme): readonly string[] {
  return contents[pane](frame, shape, theme);
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
    const { screen, state, now, spans, logTask } = frame;
    const task = logTask === undefined ? undefined : state.plan.indexOf.get(logTask);
    if (task === undefined) return paneRows({ title: 'Detail' }, [], shape, theme);
    const why = explainWait(state, task, now);
    const top = screen.tops.detail ?? 0;
    const view = { state, now, task, spans: spans.ofTask(task), top, ...(why === undefined ? {} : { why }) };
    return detailPane(view, shape, theme);
  },
  timeline: (frame, shape, theme) => {
    const { screen, state, now, spans } = frame;
    const view = {
      plan: state.plan,
      tasks: spans.started,
      startedAt: state.startedAt ?? now,
      now: state.finishedAt ?? now,
      live: state.phase.kind !== 'finished',
      criticalPath: [],
    };
    return timelinePane(view, screen.tops.timeline, shape, theme);
  },
  checks: ({ state, now, screen }, shape, theme) => checksPane(state, now, screen.tops.checks ?? 0, shape, theme),
  history: ({ screen }, shape, theme) =>
    historyPane({ runs: [], trends: [], top: screen.tops.history ?? 0 }, shape, theme),
};

function logView({ screen, state, log, logTask }: Frame) {
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
    ...(search === undefined ? {} : { search: searchView(search, log.matches, log.first) }),
  };
}

function searchView(
  { text, current }: { readonly text: string; readonly current: number },
  matches: readonly number[],
  first: number,
) {
  const line = matches[current - 1];
  return { text, current, total: matches.length, ...(line === undefined ? {} : { line: line - first }) };
}
