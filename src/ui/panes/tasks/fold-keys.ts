import type { RunState } from '../../../engine/index.ts';
import { keyOf } from '../../bound-keys.ts';
import { type KeyBinding, showMessage } from '../../keys/key-binding.ts';
import type { RowKey, ScreenState } from '../../store/screen-state.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { familyTasks } from './list-names.ts';
import { parentsOf, select, selectRow } from './selection.ts';
import { orderWords } from './task-order.ts';

/** Keys that fold levels and matrices, and that go from level to level. */
export const foldKeys: readonly KeyBinding[] = [
  {
    keys: ['h', 'l', 'Left', 'Right'],
    action: ['fold', 'unfold', 'fold', 'unfold'],
    shown: 'h l',
    section: 'Tasks',
    label: 'fold',
    help: 'fold or unfold the level or the matrix',
    panes: ['tasks'],
    act: (view, key) => fold(view, key === 'h' || key === 'Left'),
  },
  {
    keys: ['H', 'U'],
    action: ['fold-all', 'unfold-all'],
    shown: 'H U',
    section: 'Tasks',
    label: 'fold all',
    help: 'fold all levels and matrices, or unfold all',
    panes: ['tasks'],
    refuse: ({ screen, state }) =>
      hasGroups(screen, state) ? whyUnfolded(screen) : 'fold: there are no levels and no matrices here',
    act: ({ screen, state }, key) => ({ screen: foldAll(screen, state, key === 'H') }),
  },
  {
    keys: ['J', 'K'],
    action: ['next-level', 'previous-level'],
    shown: 'J K',
    section: 'Tasks',
    label: 'level',
    help: 'next or previous level',
    panes: ['tasks'],
    refuse: ({ screen, state }) => {
      if (state.plan.levels.size === 0) return 'level: this pipeline has no levels';
      const { order } = screen.list;
      return order === 'file'
        ? undefined
        : `level: the list is sorted ${orderWords[order]}; ${keyOf('order', 'o')} changes that`;
    },
    act: (view, key) => nextLevel(view, key === 'J' ? 1 : -1),
  },
];

type GroupKey = Exclude<RowKey, { readonly kind: 'task' }>;

/** Folds a level or matrix that is unfolded, or the other way round. */
export function toggleFold(view: ScreenView, group: GroupKey): Change {
  const { screen } = view;
  const reason = whyUnfolded(screen);
  if (reason !== undefined) return showMessage(view, reason);
  return { screen: setFolded(screen, group, !isFoldedIn(screen.list, group)) };
}

/** On a task, folding first selects the row above it that folds; a second time folds that. */
function fold(view: ScreenView, isFolding: boolean): Change {
  const { screen, state } = view;
  const { selected, list } = screen;
  if (selected === undefined) return showMessage(view, 'fold: nothing is selected');
  if (selected.kind !== 'task' && isFoldedIn(list, selected) !== isFolding) return toggleFold(view, selected);
  if (!isFolding)
    return showMessage(
      view,
      selected.kind === 'task' ? 'unfold: a task has nothing below it' : 'unfold: it is unfolded',
    );
  const parent = parentsOf(selected, state).find(({ kind }) => kind === 'family' || list.order === 'file');
  if (parent !== undefined) return { screen: select(screen, parent) };
  return showMessage(
    view,
    selected.kind === 'task' ? 'fold: the task is in no level and no matrix' : 'fold: it is folded',
  );
}

/** Levels are left alone in an order in which they have no rows. */
function foldAll(screen: ScreenState, { plan }: RunState, isFolding: boolean): ScreenState {
  const { list } = screen;
  const levels = list.order === 'file' ? { folded: new Set(isFolding ? plan.levels.keys() : []) } : {};
  const unfolded = new Set(isFolding ? [] : plan.families.keys());
  return { ...screen, list: { ...list, ...levels, unfolded }, touched: true };
}

/** Whether anything has a fold mark in the present order. */
function hasGroups({ list }: ScreenState, { plan }: RunState): boolean {
  if (list.order === 'file' && plan.levels.size > 0) return true;
  return [...plan.families.keys()].some((family) => familyTasks(plan, family) !== undefined);
}

/** Why nothing can be folded now; undefined when it can. */
function whyUnfolded({ list }: ScreenState): string | undefined {
  return list.filter === '' ? undefined : 'fold: a filter shows all matches; Esc clears it';
}

function nextLevel(view: ScreenView, step: 1 | -1): Change {
  const { screen, rows } = view;
  for (let at = screen.selectedRow + step; at >= 0 && at < rows.length; at += step) {
    if (rows[at]!.kind === 'level') return { screen: selectRow(screen, rows, at) };
  }
  return showMessage(view, step > 0 ? 'level: this is the last one' : 'level: this is the first one');
}

function isFoldedIn({ folded, unfolded }: ScreenState['list'], key: GroupKey): boolean {
  return key.kind === 'level' ? folded.has(key.level) : !unfolded.has(key.family);
}

function setFolded(screen: ScreenState, key: GroupKey, isFolded: boolean): ScreenState {
  const { folded, unfolded } = screen.list;
  const list =
    key.kind === 'level'
      ? { ...screen.list, folded: withMember(folded, key.level, isFolded) }
      : { ...screen.list, unfolded: withMember(unfolded, key.family, !isFolded) };
  return { ...screen, list, touched: true };
}

function withMember<Member>(set: ReadonlySet<Member>, member: Member, isIn: boolean): ReadonlySet<Member> {
  const changed = new Set(set);
  if (isIn) changed.add(member);
  else changed.delete(member);
  return changed;
}
