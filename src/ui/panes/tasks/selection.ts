import type { RunState } from '../../../engine/index.ts';
import { entryAt } from '../../../engine/index.ts';
import type { RowKey, ScreenState } from '../../store/screen-state.ts';
import type { TaskRow } from './task-rows.ts';

/**
 * The selection in its place in `rows`: it stays on its task wherever that moves to. What has disappeared hands the
 * selection to its level, or else to the row that is there now. The list scrolls as little as it can to show it.
 */
export function syncSelection(
  screen: ScreenState,
  rows: readonly TaskRow[],
  state: RunState,
  height: number,
): ScreenState {
  const place = placeOf(screen, rows, state);
  const listTop = topFor(place, screen.listTop, rows.length, height);
  const row = rows[place];
  const selected = row === undefined ? screen.selected : keyOf(row);
  if (place === screen.selectedRow && listTop === screen.listTop && isSame(selected, screen.selected)) return screen;
  return { ...screen, selectedRow: place, listTop, ...(selected === undefined ? {} : { selected }) };
}

/** The selection `by` rows further down, or up. */
export function moveSelection(screen: ScreenState, rows: readonly TaskRow[], by: number): ScreenState {
  return selectRow(screen, rows, screen.selectedRow + by);
}

/** The row at `place`, or the nearest one there is. */
export function selectRow(screen: ScreenState, rows: readonly TaskRow[], place: number): ScreenState {
  const at = Math.max(0, Math.min(rows.length - 1, place));
  const row = rows[at];
  if (row === undefined) return screen;
  return select({ ...screen, selectedRow: at }, keyOf(row));
}

/** Another task's log begins at its end. */
export function select(screen: ScreenState, selected: RowKey): ScreenState {
  if (isSame(selected, screen.selected)) return { ...screen, selected, touched: true };
  const { attempt: _, search: __, ...log } = screen.log;
  const { detail: ___, ...tops } = screen.tops;
  return { ...screen, selected, touched: true, tops, log: { ...log, following: true, offset: 0 } };
}

export function keyOf(row: TaskRow): RowKey {
  return row.kind === 'task' ? { kind: 'task', index: row.index } : { kind: 'level', level: row.level };
}

function placeOf(
  { selected, selectedRow: place, touched }: ScreenState,
  rows: readonly TaskRow[],
  state: RunState,
): number {
  const wanted = touched ? selected : (busiest(rows, state, selected) ?? selected);
  if (wanted === undefined)
    return Math.max(
      0,
      rows.findIndex(({ kind }) => kind === 'task'),
    );
  const now = rows[place];
  if (now !== undefined && isSame(keyOf(now), wanted)) return place;
  const found = rows.findIndex((row) => isSame(keyOf(row), wanted));
  if (found !== -1) return found;
  const level = wanted.kind === 'task' ? state.plan.tasks[wanted.index]!.spec.level : undefined;
  const parent = level === undefined ? -1 : rows.findIndex((row) => row.kind === 'level' && row.level === level);
  return parent === -1 ? Math.max(0, Math.min(rows.length - 1, place)) : parent;
}

/** While nobody has chosen a row, the task that has run longest is looked at; one that still runs is kept. */
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

function topFor(place: number, top: number, length: number, height: number): number {
  const most = Math.max(0, length - height);
  // One row beyond the selected one is seen, so that one sees where one is going.
  const margin = height > 4 ? 1 : 0;
  const least = place - height + 1 + margin;
  return Math.max(0, Math.min(most, Math.max(least, Math.min(top, place - margin))));
}

function isSame(one: RowKey | undefined, other: RowKey | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.kind === 'task') return other.kind === 'task' && one.index === other.index;
  return other.kind === 'level' && one.level === other.level;
}
