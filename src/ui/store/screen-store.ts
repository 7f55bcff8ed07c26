import { entryAt, type RunEvent, type RunSource, type RunState, type TaskId } from '../../engine/index.ts';
import { pasteText, pressKey } from '../keys/press-key.ts';
import { pressMouse } from '../keys/press-mouse.ts';
import type { Pressed } from '../keys/read-keys.ts';
import { metersOf } from '../panes/charts/meters-of.ts';
import { historyOf, noHistory } from '../panes/history/history.ts';
import { taskRows } from '../panes/tasks/task-rows.ts';
import { createCriticalPathFinder } from '../panes/timeline/critical-tasks.ts';
import { createIntervalCollector } from '../panes/timeline/interval-collector.ts';
import type { Command } from './command.ts';
import { dueIn, type Frame, layoutOf, type PaneMeasure } from './frame.ts';
import { createFrameClock } from './frame-clock.ts';
import { syncSelection } from './list-place.ts';
import { type LogFacts, LogFeed } from './log-feed.ts';
import { syncSearch } from './log-place.ts';
import { initialScreen, type Message, type ScreenState } from './screen-state.ts';
import { bodyHeight, type Change } from './screen-view.ts';

/** What the screen can do to its surroundings. */
export type ScreenHost = {
  /** The run is over, or is left to the plain log. */
  leave(how: 'quit' | 'interrupt' | 'plain'): void;
  copy(text: string): void;
  page(task: TaskId, attempt: number): void;
  suspend(): void;
  repaint(): void;
  setMouse(on: boolean): void;
};

export type ScreenStore = {
  /** For `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;
  frame(): Frame;
  press(pressed: readonly Pressed[]): void;
  resize(columns: number, rows: number): void;
  /** Shows a short text for a while. */
  say(text: string, style?: Message['style']): void;
  /** Leaves as soon as the run is over. */
  leaveWhenOver(how: 'quit' | 'interrupt'): void;
  close(): void;
};

export function createScreenStore(
  source: RunSource,
  host: ScreenHost,
  measure: PaneMeasure,
  size: { readonly columns: number; readonly rows: number },
): ScreenStore {
  const listeners = new Set<() => void>();
  const spans = createIntervalCollector(source.state().plan);
  const log = new LogFeed(source.openLog, () => clock.changed());
  const findCritical = createCriticalPathFinder();
  let screen = initialScreen(size.columns, size.rows);
  let history = noHistory;
  let logTask: number | undefined;
  /** When the message goes; not in the time of the run, which may stand still. */
  let fadesAt = 0;
  let leaving: 'quit' | 'interrupt' | undefined;

  const build = (): Frame => {
    const state = source.state();
    const now = source.now();
    if (screen.message !== undefined && performance.now() >= fadesAt) screen = withoutMessage(screen);
    const meters = metersOf(source.samples(), state);
    const placed = layoutOf(screen, state, meters.length);
    if (placed.size !== 'too-small' && placed.panes[screen.focus] === undefined) screen = { ...screen, focus: 'tasks' };
    const rows = taskRows(state, screen.list, now);
    const base = { screen, layout: placed };
    screen = syncSelection(screen, rows, state, bodyHeight(base, 'tasks'));
    if (screen.selected?.kind === 'task') logTask = screen.selected.index;
    const facts = readLog(state, bodyHeight(base, 'log'));
    screen = syncSearch(screen, facts, bodyHeight(base, 'log'));
    const next: Frame = {
      screen,
      state,
      now,
      rows,
      layout: placed,
      log: facts,
      ...(source.playback === undefined ? {} : { playback: source.playback.position() }),
      lengthOf: (pane) => measure.lengthOf(pane, next),
      topOf: (pane) => measure.topOf(pane, next),
      intervals: spans,
      criticalPath: placed.size !== 'too-small' && placed.panes.timeline !== undefined ? findCritical(state) : [],
      history,
      meters,
      logTask: logTask === undefined ? undefined : state.plan.tasks[logTask]!.spec.id,
    };
    return next;
  };
  const readLog = (state: RunState, height: number): LogFacts => {
    if (logTask === undefined) return log.read(undefined);
    const { attempts, state: task } = entryAt(state.tasks, logTask);
    const attempt = screen.log.attempt ?? attempts;
    if (attempt === 0) return log.read(undefined);
    const live = task.kind === 'running' && task.attempt === attempt;
    return log.read({
      task: state.plan.tasks[logTask]!.spec.id,
      attempt,
      place: screen.log,
      height: Math.max(1, height),
      live,
    });
  };

  let frame: Frame;
  const draw = (): number | undefined => {
    frame = build();
    for (const listener of listeners) listener();
    return dueIn(frame, fadesAt - performance.now());
  };
  const clock = createFrameClock(draw);

  const show = (next: ScreenState): void => {
    if (next.message !== undefined && next.message !== screen.message) fadesAt = performance.now() + messageMs;
    screen = next;
  };
  const apply = ({ screen: next, commands = [] }: Change): void => {
    show(next);
    for (const command of commands) perform(command);
  };
  const perform = (command: Command): void => {
    switch (command.type) {
      case 'intend': {
        const refusals = command.intents.map((intent) => source.intend(intent)).filter((one) => one !== undefined);
        const [reason] = refusals;
        if (reason !== undefined && refusals.length === command.intents.length)
          say(`${command.verb}: ${reason}`, 'warn');
        else if (command.done !== undefined) say(command.done);
        return;
      }
      case 'kill':
        source.killNow();
        return;
      case 'leave':
        leaveWhenOver(command.how);
        return;
      case 'plain':
        host.leave('plain');
        return;
      case 'playback':
        play(command.do);
        return;
      case 'copy':
        copy();
        return;
      case 'page':
        if (frame.logTask !== undefined) host.page(frame.logTask, frame.log.attempt);
        return;
      case 'suspend':
        host.suspend();
        return;
      case 'repaint':
        host.repaint();
        return;
      case 'mouse':
        host.setMouse(command.on);
        return;
    }
  };
  const play = (what: 'pause' | 'resume' | 'faster' | 'slower'): void => {
    const { playback } = source;
    if (what === 'pause') playback?.pause();
    else if (what === 'resume') playback?.resume();
    else playback?.setSpeed(playback.position().speed * (what === 'faster' ? 2 : 0.5));
  };
  const copy = (): void => {
    const { lines } = frame.log;
    const isLog = screen.focus === 'log' && lines.length > 0;
    const text = isLog ? lines.join('\n') : (frame.logTask ?? '');
    host.copy(text);
    say(isLog ? `copied ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}` : `copied ${text}`);
  };
  const say = (text: string, style: Message['style'] = 'plain'): void => {
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
    clock.changed();
  };
  const unsubscribe = source.subscribe((event: RunEvent) => {
    spans.add(event);
    clock.changed();
    if (event.type === 'run.finished' && leaving !== undefined && isOver()) host.leave(leaving);
  });
  const readHistory = (): void => {
    source.pastRuns().then(
      (records) => {
        history = historyOf(records);
        clock.changed();
      },
      // Then there is nothing to look back on.
      () => {},
    );
  };
  frame = build();
  readHistory();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: () => frame,
    press: (all) => {
      for (const pressed of all) {
        // Each key sees what the one before it has done.
        frame = build();
        apply(changeOf(frame, pressed));
      }
      clock.pressed();
    },
    resize: (columns, rows) => {
      screen = { ...screen, columns, rows };
      clock.pressed();
    },
    say,
    leaveWhenOver,
    close: () => {
      unsubscribe();
      clock.stop();
      log.close();
    },
  };
}

const messageMs = 4_000;

function changeOf(frame: Frame, pressed: Pressed): Change {
  switch (pressed.kind) {
    case 'key':
      return pressKey(frame, pressed.key);
    case 'paste':
      return pasteText(frame, pressed.text);
    case 'mouse':
      return pressMouse(frame, pressed.report);
  }
}

function withoutMessage({ message: _, ...screen }: ScreenState): ScreenState {
  return screen;
}
