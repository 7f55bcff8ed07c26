import type { KeyBinding } from '../../keys/key-binding.ts';
import type { ScreenState } from '../../store/screen-state.ts';
import type { Change } from '../../store/screen-view.ts';
import { foldKeys, toggleFold } from './fold-keys.ts';
import { nextOrder } from './task-order.ts';

/** Keys that change what the list of tasks shows. */
export const listKeys: readonly KeyBinding[] = [
  {
    keys: ['/'],
    action: 'filter',
    shown: '/',
    section: 'Tasks',
    label: 'filter',
    help: 'filter: part of a name, !not, state:failed',
    footer: 7,
    act: ({ screen }) => {
      const { filter } = screen.list;
      return { screen: { ...screen, prompt: { kind: 'filter', text: filter, before: filter } } };
    },
  },
  {
    keys: ['a'],
    action: 'hide-done',
    shown: 'a',
    section: 'Tasks',
    label: 'all/active',
    help: 'hide finished tasks, or show all',
    act: ({ screen }) => withList(screen, { hideDone: !screen.list.hideDone }),
  },
  {
    keys: ['o'],
    action: 'order',
    shown: 'o',
    section: 'Tasks',
    label: 'order',
    help: 'sort by state, duration, CPU, memory',
    act: ({ screen, usage }) => withList(screen, { order: nextOrder(screen.list.order, usage !== undefined) }),
  },
  ...foldKeys,
  {
    keys: ['Enter'],
    action: 'open-log',
    shown: 'Enter',
    section: 'Tasks',
    label: 'log',
    help: 'show its output; fold a level or matrix',
    panes: ['tasks'],
    act: (view) => {
      const { screen } = view;
      const { selected } = screen;
      if (selected !== undefined && selected.kind !== 'task') return toggleFold(view, selected);
      return { screen: { ...screen, focus: 'log', shown: 'log', zoomed: false, touched: true } };
    },
  },
];

function withList(screen: ScreenState, list: Partial<ScreenState['list']>): Change {
  return { screen: { ...screen, list: { ...screen.list, ...list } } };
}
