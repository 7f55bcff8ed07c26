import type { RunState } from '../../../engine/index.ts';
import { type KeyBinding, showMessage } from '../../keys/key-binding.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { failedChecks, selectCheck, selectedCheck } from '../checks/check-selection.ts';
import { keyOf, parentsOf, select, unfold } from './selection.ts';
import { isFolded } from './task-rows.ts';
import { stateOf } from './task-targets.ts';

/** Goes to the next failure and wraps around: first the tasks below the selected one, then the checks. */
export const nextFailedKey: KeyBinding = {
  keys: ['e'],
  action: 'next-failed',
  shown: 'e',
  section: 'Tasks',
  label: 'next failed',
  help: 'go to the next failed task or check',
  footer: 6,
  refuse: ({ state }) =>
    failedChecks(state).length > 0 || state.plan.tasks.some(({ index }) => isFailed(state, index))
      ? undefined
      : 'no task and no check has failed',
  act: nextFailed,
};

function nextFailed(view: ScreenView): Change {
  const { screen, state, rows } = view;
  const checks = failedChecks(state);
  const at = screen.focus === 'checks' ? selectedCheck(screen, state) : undefined;
  const [nextCheck] = at === undefined ? checks : checks.filter((index) => index > at);
  const below = at === undefined ? failedRow(view, screen.selectedRow + 1, rows.length) : undefined;
  const found = below ?? (nextCheck === undefined ? undefined : toCheck(view, nextCheck));
  if (found !== undefined) return found;
  const above = failedRow(view, 0, at === undefined ? screen.selectedRow + 1 : rows.length);
  if (above !== undefined) return above;
  const [first] = checks;
  return first === undefined ? showMessage(view, 'next failed: none in this list') : toCheck(view, first);
}

/** Selects the first failed task in rows `from` to before `to`; unfolds its level or matrix if needed. */
function failedRow(view: ScreenView, from: number, to: number): Change | undefined {
  const { state, rows } = view;
  const screen = leaveChecks(view.screen);
  for (let index = from; index < to; index += 1) {
    const row = rows[index]!;
    if (row.kind === 'task') {
      if (isFailed(state, row.index)) return { screen: select(screen, keyOf(row)) };
      continue;
    }
    const inside = isFolded(row, screen.list) ? row.tasks.find((index) => isFailed(state, index)) : undefined;
    if (inside === undefined) continue;
    const list = unfold(screen.list, parentsOf({ kind: 'task', index: inside }, state));
    return { screen: select({ ...screen, list }, { kind: 'task', index: inside }) };
  }
  return undefined;
}

function toCheck({ screen }: ScreenView, check: number): Change {
  return { screen: selectCheck({ ...screen, focus: 'checks', shown: 'checks' }, check) };
}

function leaveChecks(screen: ScreenView['screen']): ScreenView['screen'] {
  if (screen.focus !== 'checks') return screen;
  const { check: _, shown: __, ...rest } = screen;
  return { ...rest, focus: 'tasks' };
}

function isFailed(state: RunState, index: number): boolean {
  const { kind } = stateOf(state, index);
  return kind === 'failed' || kind === 'timed-out';
}
