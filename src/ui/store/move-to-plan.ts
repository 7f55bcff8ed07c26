import type { Plan } from '../../engine/index.ts';
import type { ScreenState } from './screen-state.ts';

/** What became of a task's index in another plan of the run; undefined when that does not have the task. */
export function indexIn(after: Plan, before: Plan, index: number): number | undefined {
  return after.indexOf.get(before.tasks[index]!.spec.id);
}

/** The screen of a run in which another plan holds from now on: what is selected and marked stays so, as far as it is still there. */
export function moveToPlan(screen: ScreenState, before: Plan, after: Plan): ScreenState {
  const marked = new Set([...screen.marked].flatMap((index) => indexIn(after, before, index) ?? []));
  const { selected, ...rest } = screen;
  // Levels and matrices keep their names.
  if (selected?.kind !== 'task') return { ...screen, marked };
  const index = indexIn(after, before, selected.index);
  return { ...rest, marked, ...(index === undefined ? {} : { selected: { kind: 'task', index } }) };
}
