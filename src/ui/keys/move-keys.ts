import type { PaneName } from '../layout.ts';
import { moveSelection, selectPlace } from '../store/list-place.ts';
import { placeLog, scrollLog } from '../store/log-place.ts';
import { bodyHeight, type Change, type ScreenView } from '../store/screen-view.ts';
import type { KeyBinding } from './key-binding.ts';
import { sideways } from './log-keys.ts';

/** Keys that move through the pane that has the keyboard. */
export const moveKeys: readonly KeyBinding[] = [
  {
    keys: ['j', 'k', 'Down', 'Up'],
    shown: 'j k',
    section: 'Move',
    label: 'move',
    help: 'down and up, also with the arrow keys',
    act: (view, key) => move(view, view.screen.focus, key === 'j' || key === 'Down' ? 1 : -1),
  },
  {
    keys: ['PageDown', 'PageUp'],
    shown: 'PgUp PgDn',
    section: 'Move',
    label: 'page',
    help: 'a page up or down',
    act: (view, key) => {
      const page = Math.max(1, bodyHeight(view, view.screen.focus) - 1);
      return move(view, view.screen.focus, key === 'PageDown' ? page : -page);
    },
  },
  {
    keys: ['Ctrl+D', 'Ctrl+U'],
    shown: 'Ctrl+U/D',
    section: 'Move',
    label: 'half a page',
    help: 'half a page up or down',
    act: (view, key) => {
      const half = Math.max(1, Math.floor(bodyHeight(view, view.screen.focus) / 2));
      return move(view, view.screen.focus, key === 'Ctrl+D' ? half : -half);
    },
  },
  {
    keys: ['g', 'G', 'Home', 'End'],
    shown: 'g G',
    section: 'Move',
    label: 'ends',
    help: 'to the beginning or end, as Home and End',
    act: (view, key) => jump(view, view.screen.focus, key === 'G' || key === 'End'),
  },
  {
    keys: ['Left', 'Right', 'h', 'l'],
    shown: 'Left Right',
    section: 'Move',
    label: 'sideways',
    help: 'in the log: scroll sideways',
    panes: ['log'],
    act: ({ screen }, key) => sideways(screen, key === 'Right' || key === 'l' ? stepColumns : -stepColumns),
  },
];

const stepColumns = 8;

/** Scrolls a pane, or moves the selection in the list. */
export function move(view: ScreenView, pane: PaneName, by: number): Change {
  const { screen, rows, log } = view;
  if (pane === 'tasks') return { screen: moveSelection(screen, rows, by) };
  const height = bodyHeight(view, pane);
  if (pane === 'log') return { screen: scrollLog(screen, log, height, by) };
  return scrollTo(view, pane, (screen.tops[pane] ?? view.topOf(pane)) + by);
}

function jump(view: ScreenView, pane: PaneName, toEnd: boolean): Change {
  const { screen, rows, log } = view;
  if (pane === 'tasks') return { screen: selectPlace(screen, rows, toEnd ? rows.length - 1 : 0) };
  const height = bodyHeight(view, pane);
  if (pane === 'log') return { screen: placeLog(screen, log, height, toEnd ? log.total : 0, toEnd) };
  return scrollTo(view, pane, toEnd ? view.lengthOf(pane) - height : 0);
}

function scrollTo(
  view: ScreenView,
  pane: 'charts' | 'timeline' | 'checks' | 'history' | 'detail',
  top: number,
): Change {
  const most = Math.max(0, view.lengthOf(pane) - bodyHeight(view, pane));
  const { [pane]: _, ...others } = view.screen.tops;
  // A timeline at its end stays there while it grows.
  const tops = pane === 'timeline' && top >= most ? others : { ...others, [pane]: Math.max(0, Math.min(most, top)) };
  return { screen: { ...view.screen, tops } };
}
