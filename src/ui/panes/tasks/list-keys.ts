import type { KeyBinding } from '../../keys/key-binding.ts';
import type { RowKey, ScreenState } from '../../store/screen-state.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { parentsOf, select } from './selection.ts';

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
    help: 'fold or unfold the level or the matrix',
    panes: ['tasks'],
    act: (view, key) => fold(view, key === 'h' || key === 'Left'),
  },
  {
    keys: ['Enter'],
    shown: 'Enter',
    section: 'Tasks',
    label: 'log',
    help: 'go to its output; folds a level or matrix',
    panes: ['tasks'],
    act: ({ screen }) => {
      const { selected, list } = screen;
      if (selected !== undefined && selected.kind !== 'task')
        return setFolded(screen, selected, !isFoldedIn(list, selected));
      return { screen: { ...screen, focus: 'log', shown: 'log', zoomed: false, touched: true } };
    },
  },
];

const nextOrder = { level: 'state', state: 'duration', duration: 'level' } as const;

function withList(screen: ScreenState, list: Partial<ScreenState['list']>): Change {
  return { screen: { ...screen, list: { ...screen.list, ...list } } };
}

type GroupKey = Exclude<RowKey, { readonly kind: 'task' }>;

/** On a task, folding first selects the row above it that folds; a second time folds that. */
function fold({ screen, state }: ScreenView, isFolding: boolean): Change {
  const { selected, list } = screen;
  if (selected === undefined) return { screen };
  const isOpen = selected.kind !== 'task' && !isFoldedIn(list, selected);
  if (selected.kind !== 'task' && (isOpen || !isFolding)) return setFolded(screen, selected, isFolding);
  const [parent] = parentsOf(selected, state);
  if (parent === undefined || !isFolding || list.order !== 'level') return { screen };
  return { screen: select(screen, parent) };
}

function isFoldedIn({ folded, unfolded }: ScreenState['list'], key: GroupKey): boolean {
  return key.kind === 'level' ? folded.has(key.level) : !unfolded.has(key.family);
}

function setFolded(screen: ScreenState, key: GroupKey, isFolded: boolean): Change {
  const { folded, unfolded } = screen.list;
  const touched = { ...screen, touched: true };
  if (key.kind === 'level') return withList(touched, { folded: withMember(folded, key.level, isFolded) });
  return withList(touched, { unfolded: withMember(unfolded, key.family, !isFolded) });
}

function withMember<Member>(set: ReadonlySet<Member>, member: Member, isIn: boolean): ReadonlySet<Member> {
  const changed = new Set(set);
  if (isIn) changed.add(member);
  else changed.delete(member);
  return changed;
}
