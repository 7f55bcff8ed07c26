import { phaseDisplay } from '../../display/states/phase-display.ts';
import type { PastRunSource, RunSource } from '../../engine/index.ts';
import { keyOf } from '../bound-keys.ts';
import type { ScreenHost } from './command-performer.ts';
import type { Frame, PaneMeasure } from './frame.ts';
import { createScreenStore, type ScreenStore } from './screen-store.ts';

/** Screens on top of each other: that of a run, and those of past runs that were opened from it. The last one is shown. */
export type ScreenStack = ScreenStore;

type Screen = { readonly store: ScreenStore; readonly past?: PastRunSource };

/**
 * Shows `source`. The run goes on while a past run is shown, and its end is told there.
 * @param hostOf what a screen can do besides; leaving and opening screens is up to the stack, except leaving the first one
 */
export function createScreenStack(
  source: RunSource,
  hostOf: (source: RunSource) => Omit<ScreenHost, 'show'>,
  measure: PaneMeasure,
  size: { readonly columns: number; readonly rows: number },
): ScreenStack {
  const listeners = new Set<() => void>();
  const screens: Screen[] = [];
  let current = size;

  const top = () => screens[screens.length - 1]!.store;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const push = (of: RunSource, past?: PastRunSource) => {
    const host: ScreenHost = {
      ...hostOf(of),
      ...(past === undefined ? {} : { leave: close }),
      show: (next, again) => {
        // Enter was pressed twice, or everything is left already.
        if (screens.length === 0 || (!again && top().frame().state.options.run === next.run)) return next.close();
        if (again && past !== undefined) drop();
        push(next, next);
        if (again) next.playback.resume();
        else next.playback.toEnd();
        const how = again
          ? 'from its beginning'
          : `as it ended; ${keyOf('play', 'Space')} plays it, ${keyOf('quit', 'q')} returns`;
        const [notice] = next.notices;
        if (notice === undefined) top().showMessage(`run ${next.run} ${how}`);
        else top().showMessage(notice.message, 'warn');
        changed();
      },
    };
    const mouse = screens.length > 0 && top().frame().screen.mouse;
    const store = createScreenStore(of, host, measure, { ...current, mouse, isPast: past !== undefined });
    store.subscribe(() => {
      if (store === top()) changed();
    });
    screens.push({ store, ...(past === undefined ? {} : { past }) });
  };
  /** Removes the screen that is shown. */
  const drop = () => {
    const { store, past } = screens.pop()!;
    store.close();
    past?.close();
  };
  const close = () => {
    drop();
    changed();
  };
  push(source);
  const root = top();
  const unsubscribe = source.subscribe((event, state) => {
    if (event.type !== 'run.finished' || top() === root) return;
    top().showMessage(
      `the run ${source.run} has ended: ${phaseDisplay(state).word}; ${keyOf('quit', 'q')} returns to it`,
    );
  });

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: (): Frame => top().frame(),
    update: (change) => top().update(change),
    resize: (columns, rows) => {
      current = { columns, rows };
      for (const { store } of screens) store.resize(columns, rows);
    },
    // A run that is being left may still have something to say.
    showMessage: (text, style) => screens.at(-1)?.store.showMessage(text, style),
    leaveWhenOver: root.leaveWhenOver,
    close: () => {
      unsubscribe();
      while (screens.length > 0) drop();
    },
  };
}
