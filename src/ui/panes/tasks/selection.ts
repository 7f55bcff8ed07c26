import type { RunState } from '../../../engine/index.ts';
import { entryAt } from '../../../engine/index.ts';
import type { RowKey, ScreenState } from '../../store/screen-state.ts';
import type { TaskRow } from './task-rows.ts';

/**
 * Keeps the selection on its task wherever that moves to in `rows`. When its row has disappeared, the row of its level is
 * selected, or else the row that is there now. The list scrolls no further than needed to show the selection.
 */
export function syncSelection(
  screen: ScreenState,
  rows: readonly TaskRow[],
  state: RunState,
  height: number,
): ScreenState {
  const selectedRow = selectedRowOf(screen, rows, state);
  const listTop = topFor(selectedRow, screen.listTop, rows.length, height);
  const row = rows[selectedRow];
  const selected = row === undefined ? screen.selected : keyOf(row);
  if (selectedRow === screen.selectedRow && listTop === screen.listTop && isSame(selected, screen.selected))
    return screen;
  return { ...screen, selectedRow, listTop, ...(selected === undefined ? {} : { selected }) };
}

/** Moves the selection down by `by` rows. */
export function moveSelection(screen: ScreenState, rows: readonly TaskRow[], by: number): ScreenState {
  return selectRow(screen, rows, screen.selectedRow + by);
}

/** Selects a row by its index, or the nearest one there is. */
export function selectRow(screen: ScreenState, rows: readonly TaskRow[], index: number): ScreenState {
  const at = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[at];
  if (row === undefined) return screen;
  return select({ ...screen, selectedRow: at }, keyOf(row));
}

/** Selects a row by its key. Log and detail of another task begin unscrolled. */
export function select(screen: ScreenState, selected: RowKey): ScreenState {
  if (isSame(selected, screen.selected)) return { ...screen, selected, touched: true };
  const { detail: _, ...tops } = screen.tops;
  if (screen.log.all) return { ...screen, selected, touched: true, tops };
  const { attempt: __, search: ___, mark: ____, ...log } = screen.log;
  return { ...screen, selected, touched: true, tops, log: { ...log, following: true, offset: 0 } };
}

/** Selects a task, with what it is folded in unfolded. */
export function selectTask(screen: ScreenState, index: number, state: RunState): ScreenState {
  const key = { kind: 'task' as const, index };
  return select({ ...screen, list: unfold(screen.list, parentsOf(key, state)) }, key);
}

/** The list with these levels and matrices unfolded. */
export function unfold(list: ScreenState['list'], groups: readonly RowKey[]): ScreenState['list'] {
  const [folded, unfolded] = [new Set(list.folded), new Set(list.unfolded)];
  for (const group of groups) {
    if (group.kind === 'level') folded.delete(group.level);
    if (group.kind === 'family') unfolded.add(group.family);
  }
  return { ...list, folded, unfolded };
}

export function keyOf(row: TaskRow): RowKey {
  switch (row.kind) {
    case 'task':
      return { kind: 'task', index: row.index };
    case 'family':
      return { kind: 'family', family: row.family };
    case 'level':
      return { kind: 'level', level: row.level };
  }
}

function selectedRowOf(
  { selected, selectedRow, touched }: ScreenState,
  rows: readonly TaskRow[],
  state: RunState,
): number {
  const wanted = touched ? selected : (busiest(rows, state, selected) ?? selected);
  if (wanted === undefined)
    return Math.max(
      0,
      rows.findIndex(({ kind }) => kind !== 'level'),
    );
  const before = rows[selectedRow];
  if (before !== undefined && isSame(keyOf(before), wanted)) return selectedRow;
  const found = rows.findIndex((row) => isSame(keyOf(row), wanted));
  if (found !== -1) return found;
  const parent = parentsOf(wanted, state)
    .map((key) => rows.findIndex((row) => isSame(keyOf(row), key)))
    .find((at) => at !== -1);
  return parent === undefined ? Math.max(0, Math.min(rows.length - 1, selectedRow)) : parent;
}

/** The rows below which one is drawn, the nearest first. */
export function parentsOf(key: RowKey, { plan }: RunState): readonly RowKey[] {
  if (key.kind === 'level') return [];
  const index = key.kind === 'task' ? key.index : plan.families.get(key.family)?.[0];
  const spec = index === undefined ? undefined : plan.tasks[index]!.spec;
  const of = key.kind === 'task' ? spec?.instance?.of : undefined;
  const isTogether = of !== undefined && (plan.families.get(of)?.length ?? 0) > 1;
  return [
    ...(isTogether ? [{ kind: 'family' as const, family: of }] : []),
    ...(spec?.level === undefined ? [] : [{ kind: 'level' as const, level: spec.level }]),
  ];
}

/** The task to select while the user has selected none: the selected one while it runs, else the one that has run longest. */
function busiest(rows: readonly TaskRow[], state: RunState, selected: RowKey | undefined): RowKey | undefined {
  if (state.running === 0) return undefined;
  if (selected?.kind === 'task' && entryAt(state.tasks, selected.index).state.kind === 'running') return selected;
  let found: RowKey | undefined;
  let earliest = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.kind !== 'task') continue;
    const task = entryAt(state.tasks, row.index).state;
    if (task.kind !== 'running' || task.startedAt >= earliest) continue;
    earliest = task.startedAt;
    found = keyOf(row);
  }
  return found;
}

function topFor(row: number, top: number, length: number, height: number): number {
  const max = Math.max(0, length - height);
  // One row beyond the selected one stays visible, to show what comes next.
  const extraRow = height > 4 ? 1 : 0;
  const min = row - height + 1 + extraRow;
  return Math.max(0, Math.min(max, Math.max(min, Math.min(top, row - extraRow))));
}

function isSame(one: RowKey | undefined, other: RowKey | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  switch (one.kind) {
    case 'task':
      return other.kind === 'task' && one.index === other.index;
    case 'family':
      return other.kind === 'family' && one.family === other.family;
    case 'level':
      return other.kind === 'level' && one.level === other.level;
  }
}
