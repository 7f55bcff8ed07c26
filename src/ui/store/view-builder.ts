import type { IntervalCollector } from '../../display/timeline/interval-collector.ts';
import {
  type EpochMs,
  entryAt,
  type Plan,
  type ResourceSample,
  type RunSource,
  type RunState,
} from '../../engine/index.ts';
import { type History, noHistory } from '../panes/history/history.ts';
import { LogFeed, type LogWindow } from '../panes/log/log-feed.ts';
import { syncSearch } from '../panes/log/log-position.ts';
import type { ShownLine } from '../panes/log/shown-line.ts';
import { syncSelection } from '../panes/tasks/selection.ts';
import { type TaskListView, type TaskRow, taskRows } from '../panes/tasks/task-rows.ts';
import { taskToShow } from '../panes/tasks/task-to-show.ts';
import { createUsageTable, type UsageTable } from '../status/task-usage.ts';
import { layoutOf, type PaneMeasure } from './frame.ts';
import { indexIn, moveToPlan } from './move-to-plan.ts';
import type { ScreenState } from './screen-state.ts';
import { bodyHeight, type ScreenView } from './screen-view.ts';

/** Makes the view of a run that keys and frames start from. */
export type ViewBuilder = {
  /** `screen` brought up to date with the run: focus, selection and search are where they can be. */
  build(screen: ScreenState): ScreenView;
  /** See `LogFeed`. */
  logLines(first: number, last: number): Promise<readonly ShownLine[]>;
  /** Shows past runs from now on. */
  setHistory(history: History): void;
  close(): void;
};

/** @param onChange called when more of the log has been read */
export function createViewBuilder(
  source: RunSource,
  intervals: IntervalCollector,
  measure: PaneMeasure,
  isPast: boolean,
  onChange: () => void,
): ViewBuilder {
  const log = new LogFeed(source, onChange);
  const rowsOf = createRowCache();
  const usageOf = createUsageCache(source);
  let history = noHistory;
  /** Index of the task that was selected last. */
  let logTask: number | undefined;
  let { plan } = source.state();

  const readLog = (screen: ScreenState, state: RunState, height: number): LogWindow => {
    const version = source.playback?.position().rewinds ?? 0;
    if (screen.log.all) {
      const live =
        source.playback === undefined ? state.phase.kind !== 'finished' : !source.playback.position().isAtEnd;
      return log.read({ attempt: 0, version, position: screen.log, height: Math.max(1, height), live });
    }
    if (logTask === undefined) return log.read(undefined);
    const { attempts, state: task } = entryAt(state.tasks, logTask);
    const attempt = screen.log.attempt ?? attempts;
    if (attempt === 0) return log.read(undefined);
    return log.read({
      task: state.plan.tasks[logTask]!.spec.id,
      attempt,
      version,
      position: screen.log,
      height: Math.max(1, height),
      live: task.kind === 'running' && task.attempt === attempt,
    });
  };
  return {
    build: (last) => {
      const state = source.state();
      // In a run that is resumed, tasks may be at other places.
      const before = state.plan === plan ? last : moveToPlan(last, plan, state.plan);
      if (state.plan !== plan && logTask !== undefined) logTask = indexIn(state.plan, plan, logTask);
      plan = state.plan;
      const now = source.now();
      const timeLeft = source.timeLeft?.();
      const sample = source.samples().at(-1);
      const hosts = source.hosts?.();
      const layout = layoutOf(before, state);
      const isFocusShown = layout.size === 'too-small' || layout.panes[before.focus] !== undefined;
      const focused = isFocusShown ? before : { ...before, focus: 'tasks' };
      const heightOf = (pane: string) => bodyHeight({ screen: focused, layout }, pane);
      const usage = usageOf(state.plan, sample);
      const rows = rowsOf(state, focused.list, now, usage);
      const selected = syncSelection(focused, rows, state, heightOf('tasks'));
      logTask = taskToShow(selected.selected, state, logTask);
      const shown = readLog(selected, state, heightOf('log'));
      const view: ScreenView = {
        screen: syncSearch(selected, shown, heightOf('log')),
        state,
        now,
        rows,
        layout,
        log: shown,
        logTask: logTask === undefined ? undefined : state.plan.tasks[logTask]!.spec.id,
        intervals,
        history,
        slas: source.slas?.() ?? noSlas,
        isPast,
        ...(sample === undefined ? {} : { sample }),
        ...(hosts === undefined ? {} : { hosts }),
        ...(usage === undefined ? {} : { usage }),
        ...(timeLeft === undefined ? {} : { timeLeft }),
        ...(source.playback === undefined ? {} : { playback: source.playback.position() }),
        lengthOf: (pane) => measure.lengthOf(pane, view),
        topOf: (pane) => measure.topOf(pane, view),
      };
      return view;
    },
    setHistory: (next) => {
      history = next;
    },
    logLines: (first, last) => log.linesBetween(first, last),
    close: () => log.close(),
  };
}

type RowsOf = (state: RunState, list: TaskListView, now: EpochMs, usage: UsageTable | undefined) => readonly TaskRow[];

/** The rows of the list, built anew only when the list or a task has changed, so that a key costs the same in any pipeline. */
function createRowCache(): RowsOf {
  let rows: readonly TaskRow[] = [];
  let builtFor:
    | {
        readonly tasks: RunState['tasks'];
        readonly list: TaskListView;
        readonly at: EpochMs;
        readonly usage: UsageTable | undefined;
      }
    | undefined;
  return (state, list, now, usage) => {
    const isByUsage = list.order === 'cpu' || list.order === 'memory';
    const isCurrent =
      builtFor?.tasks === state.tasks &&
      builtFor.list === list &&
      (!isByUsage || builtFor.usage === usage) &&
      // Durations of running tasks grow, and with them their order.
      (list.order !== 'duration' || Math.abs(now - builtFor.at) < resortMs);
    if (!isCurrent) {
      rows = taskRows(state, list, now, usage);
      builtFor = { tasks: state.tasks, list, at: now, usage };
    }
    return rows;
  };
}

const resortMs = 100;

/** Built anew with each sample. */
function createUsageCache(
  source: RunSource,
): (plan: Plan, sample: ResourceSample | undefined) => UsageTable | undefined {
  let table: UsageTable | undefined;
  let builtFor: { readonly plan: Plan; readonly sample: ResourceSample | undefined } | undefined;
  return (plan, sample) => {
    if (builtFor?.plan !== plan || builtFor.sample !== sample) {
      table = createUsageTable(plan, sample, source.peaks?.() ?? new Map());
      builtFor = { plan, sample };
    }
    return table;
  };
}

const noSlas: ScreenView['slas'] = [];
