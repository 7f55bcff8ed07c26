import { keyOf } from '../bound-keys.ts';
import type { PaneId } from '../layout.ts';
import { endMark, showAll } from '../panes/log/log-position.ts';
import { panes } from '../panes/registry.ts';
import type { ScreenState } from '../store/screen-state.ts';
import { type Change, rectOf, type ScreenView } from '../store/screen-view.ts';
import { type KeyBinding, showMessage } from './key-binding.ts';

const panesByDigit = panes.filter(({ digit }) => digit !== undefined).sort((a, b) => a.digit! - b.digit!);

/** Keys that change what is on the screen. */
export const screenKeys: readonly KeyBinding[] = [
  {
    keys: ['d'],
    action: 'detail',
    shown: 'd',
    section: 'Screen',
    label: 'detail',
    help: 'details of the task, and why it waits',
    footer: 11,
    act: ({ screen }) => {
      const { shown: _, ...rest } = screen;
      const focus = screen.detail && screen.focus === 'detail' ? 'tasks' : screen.focus;
      return { screen: { ...rest, detail: !screen.detail, focus, zoomed: false } };
    },
  },
  {
    keys: ['L'],
    action: 'limits',
    shown: 'L',
    section: 'Screen',
    label: 'limits',
    help: 'limits: usage, and what blocks tasks now',
    footer: 18,
    act: ({ screen }) => (screen.shown === 'limits' ? { screen: closeShown(screen) } : goTo(screen, 'limits')),
  },
  {
    keys: ['W'],
    action: 'hosts',
    shown: 'W',
    section: 'Screen',
    label: 'hosts',
    help: 'hosts: labels, slots, load, leases',
    footer: 19,
    refuse: ({ state }) => (state.hosts === undefined ? 'hosts: all tasks run on this machine' : undefined),
    isUseful: ({ state }) => state.hosts !== undefined,
    act: ({ screen }) => (screen.shown === 'hosts' ? { screen: closeShown(screen) } : goTo(screen, 'hosts')),
  },
  {
    keys: ['z'],
    action: 'zoom',
    shown: 'z',
    section: 'Screen',
    label: 'zoom',
    help: 'show one pane on the full screen',
    footer: 8,
    act: ({ screen }) => ({ screen: { ...screen, zoomed: !screen.zoomed } }),
  },
  {
    keys: ['Tab', 'ShiftTab'],
    action: ['next-pane', 'previous-pane'],
    shown: 'Tab',
    section: 'Screen',
    label: 'pane',
    help: 'next pane; Shift+Tab: previous pane',
    helpIfChosen: 'next or previous pane',
    footer: 10,
    act: (view, key) => nextPane(view, key === 'Tab' ? 1 : -1),
  },
  {
    keys: panesByDigit.map(({ digit }) => String(digit)),
    action: panesByDigit.map(({ id }) => `pane-${id}`),
    shown: `1-${panesByDigit.length}`,
    section: 'Screen',
    label: 'panes',
    help: panesByDigit.map(({ id }) => id).join(' '),
    act: (view, key) => {
      const { id } = panesByDigit[Number(key) - 1]!;
      if (view.screen.focus !== id || rectOf(view, id) === undefined) return goTo(view.screen, id);
      return showMessage(view, `${id}: this pane already has the focus`);
    },
  },
  {
    keys: ['Esc'],
    action: 'back',
    shown: 'Esc',
    section: 'Screen',
    label: 'back',
    help: 'one step back; it never quits',
    act: (view) => {
      const before = stepBack(view.screen);
      if (before !== view.screen) return { screen: before };
      // Where nothing is left to undo, a past run is left, and nothing else ever is.
      if (view.isPast) return { screen: before, commands: [{ type: 'leave', how: 'quit' }] };
      return showMessage(view, `back: nothing is open; ${keyOf('quit', 'q')} quits`);
    },
  },
  {
    keys: ['m'],
    action: 'mouse',
    shown: 'm',
    section: 'Screen',
    label: 'mouse',
    help: 'mouse: the wheel scrolls, a click selects',
    act: (view) => {
      const on = !view.screen.mouse;
      const text = on ? 'mouse on: wheel scrolls, click selects' : 'mouse off: the terminal selects text';
      const screen: ScreenState = { ...view.screen, mouse: on, message: { text, style: 'plain' } };
      return { screen, commands: [{ type: 'mouse', on }] };
    },
  },
  {
    keys: ['Ctrl+L'],
    action: 'redraw',
    shown: 'Ctrl+L',
    section: 'Screen',
    label: 'redraw',
    help: 'redraw the screen',
    act: ({ screen }) => ({ screen, commands: [{ type: 'repaint' }] }),
  },
  {
    keys: ['Ctrl+Z'],
    action: 'suspend',
    shown: 'Ctrl+Z',
    section: 'Screen',
    label: 'suspend',
    help: 'suspend; resume with fg',
    act: ({ screen }) => ({ screen, commands: [{ type: 'suspend' }] }),
  },
];

/** Opens the list of all keys. */
export const helpKey: KeyBinding = {
  keys: ['?'],
  action: 'help',
  shown: '?',
  section: 'Screen',
  label: 'help',
  help: 'all keys and signs',
  footer: 1,
  act: ({ screen }) => ({ screen: { ...screen, help: 0 } }),
};

/** Gives a pane the focus, and a place on the screen if it has none. */
function goTo(screen: ScreenState, pane: PaneId): Change {
  const own = pane === 'tasks' ? {} : { shown: pane };
  return { screen: { ...screen, focus: pane, ...own } };
}

function nextPane(view: ScreenView, step: 1 | -1): Change {
  const { screen } = view;
  const candidates = screen.zoomed ? panesByDigit : panes.filter(({ id }) => rectOf(view, id) !== undefined);
  const at = candidates.findIndex(({ id }) => id === screen.focus);
  const next = candidates[(at + step + candidates.length) % candidates.length]?.id ?? 'tasks';
  return screen.zoomed ? goTo(screen, next) : { screen: { ...screen, focus: next } };
}

/** Undoes one step: whatever was opened last; the same screen where there is nothing to undo. */
function stepBack(screen: ScreenState): ScreenState {
  const { shown, log, list } = screen;
  if (log.mark !== undefined) return endMark(screen);
  if (screen.zoomed) return { ...screen, zoomed: false };
  if (screen.focus === 'graph') return closeShown(screen);
  if (log.search !== undefined) {
    const { search: _, ...rest } = log;
    return { ...screen, log: rest };
  }
  if (log.all && screen.focus === 'log') return showAll(screen, false);
  if (screen.comparing && screen.focus === 'history') {
    const { comparing: _, ...rest } = screen;
    return rest;
  }
  if (screen.marked.size > 0) return { ...screen, marked: new Set() };
  if (list.filter !== '') return { ...screen, list: { ...list, filter: '' } };
  if (screen.detail) return { ...screen, detail: false, focus: screen.focus === 'detail' ? 'tasks' : screen.focus };
  if (shown !== undefined && shown !== 'log') return closeShown(screen);
  return screen.focus === 'tasks' ? screen : { ...screen, focus: 'tasks' };
}

/** The log is back in its place. */
function closeShown(screen: ScreenState): ScreenState {
  const { shown: _, ...rest } = screen;
  return { ...rest, focus: 'tasks', zoomed: false };
}
