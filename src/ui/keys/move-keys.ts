import type { PaneId } from '../layout.ts';
import { sideways } from '../panes/log/log-keys.ts';
import type { Pane } from '../panes/pane.ts';
import { paneOf } from '../panes/registry.ts';
import { bodyHeight, type Change, type ScreenView } from '../store/screen-view.ts';
import type { KeyBinding } from './key-binding.ts';

/** Why nothing moves in the pane that has the focus; at an end it simply goes no further. */
function whyStill(view: ScreenView): string | undefined {
  const { focus } = view.screen;
  const pane = paneOf(focus);
  if (pane.move !== undefined) return undefined;
  if (pane.length === undefined) return `move: nothing to scroll in ${focus}`;
  return view.lengthOf(focus) > bodyHeight(view, focus) ? undefined : `move: all of ${focus} is on the screen`;
}

/** Keys that move through the pane that has the focus. */
export const moveKeys: readonly KeyBinding[] = [
  {
    keys: ['j', 'k', 'Down', 'Up'],
    action: ['down', 'up', 'down', 'up'],
    shown: 'j k',
    section: 'Move',
    label: 'move',
    help: 'down and up, also with the arrow keys',
    helpIfChosen: 'down and up',
    refuse: whyStill,
    act: (view, key) => move(view, view.screen.focus, key === 'j' || key === 'Down' ? 1 : -1),
  },
  {
    keys: ['PageDown', 'PageUp'],
    action: ['page-down', 'page-up'],
    shown: 'PgUp PgDn',
    section: 'Move',
    label: 'page',
    help: 'a page up or down',
    refuse: whyStill,
    act: (view, key) => {
      const page = Math.max(1, bodyHeight(view, view.screen.focus) - 1);
      return move(view, view.screen.focus, key === 'PageDown' ? page : -page);
    },
  },
  {
    keys: ['Ctrl+D', 'Ctrl+U'],
    action: ['half-page-down', 'half-page-up'],
    shown: 'Ctrl+U/D',
    section: 'Move',
    label: 'half a page',
    help: 'half a page up or down',
    refuse: whyStill,
    act: (view, key) => {
      const half = Math.max(1, Math.floor(bodyHeight(view, view.screen.focus) / 2));
      return move(view, view.screen.focus, key === 'Ctrl+D' ? half : -half);
    },
  },
  {
    keys: ['g', 'G', 'Home', 'End'],
    action: ['first', 'last', 'first', 'last'],
    shown: 'Home End',
    section: 'Move',
    label: 'ends',
    help: 'to the beginning or end; in a log also g G',
    helpIfChosen: 'to the beginning or end',
    refuse: whyStill,
    act: (view, key) => {
      const toEnd = key === 'G' || key === 'End';
      return move(view, view.screen.focus, toEnd ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
    },
  },
  {
    keys: ['Left', 'Right', 'h', 'l'],
    action: ['log-left', 'log-right', 'log-left', 'log-right'],
    shown: 'Left Right',
    section: 'Move',
    label: 'sideways',
    help: 'in the log: scroll sideways',
    panes: ['log'],
    act: ({ screen }, key) => sideways(screen, key === 'Right' || key === 'l' ? stepColumns : -stepColumns),
  },
];

const stepColumns = 8;

/** Scrolls a pane by so many lines, or moves the selection in it; an infinite number moves to the end or the beginning. */
export function move(view: ScreenView, id: PaneId, by: number): Change {
  const pane = paneOf(id);
  return pane.move?.(view, by) ?? scroll(view, pane, by);
}

function scroll(view: ScreenView, { id, followsEnd }: Pane, by: number): Change {
  const { screen } = view;
  const max = Math.max(0, view.lengthOf(id) - bodyHeight(view, id));
  const top = (screen.tops[id] ?? view.topOf(id)) + by;
  const { [id]: _, ...others } = screen.tops;
  const tops = followsEnd && top >= max ? others : { ...others, [id]: Math.max(0, Math.min(max, top)) };
  return { screen: { ...screen, tops } };
}
