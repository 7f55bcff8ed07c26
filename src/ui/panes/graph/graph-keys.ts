import type { KeyBinding } from '../../keys/key-binding.ts';
import type { RowKey, ScreenState } from '../../store/screen-state.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { selectCheck } from '../checks/check-selection.ts';
import { parentsOf, select, unfold } from '../tasks/selection.ts';
import { type GraphView, graphViewOf } from './graph-view.ts';

/** Where `g` does not go to the beginning. */
const panesOfTasks = ['tasks', 'detail', 'charts', 'timeline', 'limits', 'graph'];

export const graphKeys: readonly KeyBinding[] = [
  {
    keys: ['g'],
    action: 'graph',
    shown: 'g',
    section: 'Screen',
    label: 'graph',
    help: 'what it waits for, and what waits for it',
    footer: 17,
    panes: panesOfTasks,
    refuse: (view) => (graphViewOf(view) === undefined ? 'graph: no task is selected' : undefined),
    act: ({ screen }) => {
      if (screen.focus !== 'graph') return { screen: { ...screen, focus: 'graph', shown: 'graph' } };
      const { shown: _, ...rest } = screen;
      return { screen: { ...rest, focus: 'tasks', zoomed: false } };
    },
  },
  {
    keys: ['Enter'],
    action: 'graph-select',
    shown: 'Enter',
    section: 'Graph',
    label: 'select',
    help: 'select the task and show its neighbours',
    footer: 3,
    panes: ['graph'],
    act: enter,
  },
  {
    keys: ['l', 'Right', ' ', 'h', 'Left'],
    action: ['graph-farther', 'graph-farther', 'graph-around', 'graph-nearer', 'graph-nearer'],
    shown: 'h l',
    section: 'Graph',
    label: 'nearer/farther',
    help: 'a step nearer or farther; Space: farther',
    helpIfChosen: 'a step nearer or farther',
    footer: 4,
    panes: ['graph'],
    refuse: (view) => (graphViewOf(view)?.reach === 0 ? 'there is nothing farther' : undefined),
    act: (view, key) => {
      const shown = graphViewOf(view);
      if (shown === undefined) return { screen: view.screen };
      return { screen: { ...view.screen, graph: { ...stateOf(shown), depth: depthAfter(key, shown) } } };
    },
  },
];

/** Space goes round: after all there is comes one step. */
function depthAfter(key: string, { depth, reach }: GraphView): number {
  if (key === 'h' || key === 'Left') return Math.max(1, depth - 1);
  return depth < reach ? depth + 1 : key === ' ' ? 1 : depth;
}

/** Moves the cursor to a row; where that has no node, it stays. */
export function moveTo({ screen }: ScreenView, shown: GraphView, row: number): Change {
  const at = shown.rows[row]?.node?.name;
  return { screen: at === undefined ? screen : { ...screen, graph: { ...stateOf(shown), at } } };
}

function stateOf({ center, depth, rows, cursor }: GraphView): NonNullable<ScreenState['graph']> {
  return { of: center, depth, at: rows[cursor]?.node?.name ?? center };
}

/** A task is selected in the list, and its neighbourhood shown as far as that of the one before; a gate is shown among the checks. */
function enter(view: ScreenView): Change {
  const { screen, state } = view;
  const shown = graphViewOf(view);
  const node = shown?.rows[shown.cursor]?.node;
  if (shown === undefined || node === undefined) return { screen };
  if (node.kind === 'gate') return { screen: selectCheck({ ...screen, focus: 'checks', shown: 'checks' }, node.check) };
  const key: RowKey =
    node.kind === 'matrix' ? { kind: 'family', family: node.name } : { kind: 'task', index: node.tasks[0] };
  const list = listWith(view, node.tasks);
  const graph = { of: node.name, depth: shown.depth, at: node.name };
  return { screen: select({ ...screen, list: unfold(list, parentsOf(key, state)), graph }, key) };
}

/** The list so that it has a row for what is selected: without its filter, if that leaves it out. */
function listWith({ screen, rows }: ScreenView, tasks: readonly number[]): ScreenState['list'] {
  const { list } = screen;
  const isThere = rows.some((row) => (row.kind === 'task' ? tasks.includes(row.index) : row.tasks.includes(tasks[0]!)));
  return isThere ? list : { ...list, filter: '', hideDone: false };
}
