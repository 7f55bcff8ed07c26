import { createCriticalPathFinder } from '../../display/timeline/critical-tasks.ts';
import { createIntervalCollector } from '../../display/timeline/interval-collector.ts';
import type { RunEvent, RunSource, RunState } from '../../engine/index.ts';
import { metersOf } from '../panes/charts/meters-of.ts';
import { showWrongData } from '../panes/checks/check-selection.ts';
import { createRecheckNotes } from '../panes/checks/recheck-notes.ts';
import { historyOf } from '../panes/history/history.ts';
import { selectTask } from '../panes/tasks/selection.ts';
import { createCommandPerformer, type ScreenHost } from './command-performer.ts';
import { dueIn, type Frame, type PaneMeasure } from './frame.ts';
import { createFrameClock } from './frame-clock.ts';
import { initialScreen, type Message, type ScreenState } from './screen-state.ts';
import { type Change, rectOf, type ScreenView } from './screen-view.ts';
import { createViewBuilder } from './view-builder.ts';

export type ScreenStore = {
  /** For `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;
  /** What is on the screen now. */
  frame(): Frame;
  /** Applies a key to the view as it is now, with all that earlier keys have done; the next frame shows it. */
  update(change: (view: ScreenView) => Change): void;
  resize(columns: number, rows: number): void;
  /** Shows a short text for a while. */
  showMessage(text: string, style?: Message['style']): void;
  /** Leaves as soon as the run is over. */
  leaveWhenOver(how: 'quit' | 'interrupt'): void;
  close(): void;
};

type ScreenOptions = {
  readonly columns: number;
  readonly rows: number;
  readonly mouse?: boolean;
  /** See `ScreenView`. */
  readonly isPast?: boolean;
};

/** The state of the screen, and its frames. Knows neither keys nor how panes are drawn. */
export function createScreenStore(
  source: RunSource,
  host: ScreenHost,
  measure: PaneMeasure,
  { columns, rows, mouse = false, isPast = false }: ScreenOptions,
): ScreenStore {
  const listeners = new Set<() => void>();
  const intervals = createIntervalCollector(source.state().plans);
  for (const event of source.earlier ?? []) intervals.add(event);
  const views = createViewBuilder(source, intervals, measure, isPast, () => clock.changed());
  const findCriticalPath = createCriticalPathFinder();
  let screen = initialScreen(columns, rows, mouse);
  const noteRecheck = createRecheckNotes();
  /** When the message disappears, by `performance.now()`: the time of a replay may stand still. */
  let fadesAt = 0;
  let leaving: 'quit' | 'interrupt' | undefined;

  const updateView = (): ScreenView => {
    if (screen.message !== undefined && performance.now() >= fadesAt) screen = withoutMessage(screen);
    view = views.build(screen);
    screen = view.screen;
    return view;
  };
  const buildFrame = (): Frame => {
    const { state } = updateView();
    const isTimelineShown = rectOf(view, 'timeline') !== undefined;
    return {
      ...view,
      meters: metersOf(source.samples(), state),
      criticalPath: isTimelineShown ? findCriticalPath(state) : [],
    };
  };
  let view: ScreenView;
  let frame: Frame;
  const clock = createFrameClock(() => {
    frame = buildFrame();
    for (const listener of listeners) listener();
    return dueIn(frame, fadesAt - performance.now());
  });

  const show = (next: ScreenState): void => {
    if (next.message !== undefined && next.message !== screen.message) fadesAt = performance.now() + messageMs;
    screen = next;
  };
  const showMessage = (text: string, style: Message['style'] = 'plain'): void => {
    show({ ...screen, message: { text, style } });
    clock.changed();
  };
  const isOver = () => source.state().phase.kind === 'finished' || source.playback !== undefined;
  const leaveWhenOver = (how: 'quit' | 'interrupt'): void => {
    if (isOver()) {
      host.leave(how);
      return;
    }
    leaving = how;
    source.intend({ type: 'cancel' });
    if (source.state().openEnds > 0) showMessage('tasks at the end still run; Ctrl+C cancels them');
    clock.changed();
  };
  const perform = createCommandPerformer(source, host, {
    view: () => view,
    logLines: views.logLines,
    select: (task) => {
      const index = source.state().plan.indexOf.get(task);
      if (index !== undefined) screen = selectTask(screen, index, source.state());
    },
    showMessage,
    leaveWhenOver,
  });
  /** At the beginning, and again when the run has become one of the past runs. */
  const readHistory = (): void => {
    source.pastRuns().then(
      (records) => {
        views.setHistory(historyOf(records));
        clock.changed();
      },
      // Without past runs the history stays empty.
      () => {},
    );
  };
  const unsubscribe = source.subscribe((event: RunEvent, state: RunState) => {
    intervals.add(event);
    clock.changed();
    const note = noteRecheck(event, state);
    if (note !== undefined && source.playback === undefined) showMessage(note);
    if (event.type !== 'run.finished') return;
    screen = showWrongData(screen, state);
    readHistory();
    if (leaving !== undefined && isOver()) host.leave(leaving);
  });
  const unsubscribeRewind = source.playback?.onRewind((played) => {
    intervals.restart(played);
    clock.changed();
  });
  readHistory();
  frame = buildFrame();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: () => frame,
    update: (change) => {
      const { screen: next, commands = [] } = change(updateView());
      show(next);
      for (const command of commands) perform(command);
      clock.pressed();
    },
    resize: (columns, rows) => {
      screen = { ...screen, columns, rows };
      clock.pressed();
    },
    showMessage,
    leaveWhenOver,
    close: () => {
      unsubscribe();
      unsubscribeRewind?.();
      clock.stop();
      views.close();
    },
  };
}

const messageMs = 4_000;

function withoutMessage({ message: _, ...screen }: ScreenState): ScreenState {
  return screen;
}
