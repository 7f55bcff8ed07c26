import type { LevelId } from '../../../engine/index.ts';
import type { KeyBinding } from '../../keys/key-binding.ts';
import type { ScreenState } from '../../store/screen-state.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { select } from './selection.ts';

/** Keys that change what the list of tasks shows. */
export const listKeys: readonly KeyBinding[] = [
  {
    keys: ['/'],
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
    shown: 'a',
    section: 'Tasks',
    label: 'all/active',
    help: 'leave out what is done, or show all',
    act: ({ screen }) => withList(screen, { hideDone: !screen.list.hideDone }),
  },
  {
    keys: ['o'],
    shown: 'o',
    section: 'Tasks',
    label: 'order',
    help: 'order by level, by urgency, by duration',
    act: ({ screen }) => withList(screen, { order: nextOrder[screen.list.order] }),
  },
  {
    keys: ['h', 'l', 'Left', 'Right'],
    shown: 'h l',
    section: 'Tasks',
    label: 'fold',
    help: 'fold or unfold the level',
    panes: ['tasks'],
    act: (view, key) => fold(view, key === 'h' || key === 'Left'),
  },
  {
    keys: ['Enter'],
    shown: 'Enter',
    section: 'Tasks',
    label: 'log',
    help: 'go to its output; a level folds or unfolds',
    panes: ['tasks'],
    act: ({ screen }) => {
      const { selected, list } = screen;
      if (selected?.kind === 'level') return setFolded(screen, selected.level, !list.folded.has(selected.level));
      return { screen: { ...screen, focus: 'log', shown: 'log', zoomed: false, touched: true } };
    },
  },
];

const nextOrder = { level: 'state', state: 'duration', duration: 'level' } as const;

function withList(screen: ScreenState, list: Partial<ScreenState['list']>): Change {
  return { screen: { ...screen, list: { ...screen.list, ...list } } };
}

/** On a task, folding first selects its level; a second time folds it. */
function fold({ screen, state }: ScreenView, isFolding: boolean): Change {
  const { selected } = screen;
  if (selected?.kind === 'level') return setFolded(screen, selected.level, isFolding);
  const level = selected === undefined ? undefined : state.plan.tasks[selected.index]!.spec.level;
  if (level === undefined || !isFolding || screen.list.order !== 'level') return { screen };
  return { screen: select(screen, { kind: 'level', level }) };
}

function setFolded(screen: ScreenState, level: LevelId, isFolded: boolean): Change {
  const folded = new Set(screen.list.folded);
  if (isFolded) folded.add(level);
  else folded.delete(level);
  return withList({ ...screen, touched: true }, { folded });
}
