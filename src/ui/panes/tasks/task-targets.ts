import { entryAt, type RunState, type TaskId, type TaskState } from '../../../engine/index.ts';
import type { ScreenView } from '../../store/screen-view.ts';

/** The tasks that a key acts on: the marked ones, else the selected one, else all of the selected level or matrix. */
export type Targets = {
  /** Indices. */
  readonly tasks: readonly number[];
  /** For questions: a task's name, `3 marked tasks`. */
  readonly name: string;
  /** Exactly one task, so that the run gives the reason when it refuses. */
  readonly single: boolean;
};

export function targetsOf({ screen, state }: ScreenView): Targets {
  const { marked, selected } = screen;
  if (marked.size > 0) {
    const tasks = [...marked].sort((a, b) => a - b);
    const [first] = tasks;
    if (tasks.length === 1) return { tasks, name: nameOf(state, first!), single: true };
    return { tasks, name: `${tasks.length} marked tasks`, single: false };
  }
  if (selected === undefined) return { tasks: [], name: 'nothing', single: false };
  if (selected.kind === 'task') return { tasks: [selected.index], name: nameOf(state, selected.index), single: true };
  if (selected.kind === 'family')
    return { tasks: state.plan.families.get(selected.family) ?? [], name: selected.family, single: false };
  return { tasks: state.plan.levels.get(selected.level) ?? [], name: `level ${selected.level}`, single: false };
}

export function nameOf(state: RunState, index: number): TaskId {
  return state.plan.tasks[index]!.spec.id;
}

export function stateOf(state: RunState, index: number): TaskState {
  return entryAt(state.tasks, index).state;
}

/** How many tasks are downstream of these, directly or not. */
export function countDownstream(state: RunState, tasks: readonly number[]): number {
  const reached = new Set(tasks);
  for (const index of reached) for (const next of state.plan.tasks[index]!.downstream) reached.add(next);
  return reached.size - new Set(tasks).size;
}

/** How many tasks have succeeded with what this one provided, directly or not. */
export function countDoneDownstream(state: RunState, task: number): number {
  const reached = new Set([task]);
  for (const index of reached) {
    for (const next of state.plan.tasks[index]!.downstream) {
      const { kind } = stateOf(state, next);
      if (kind === 'succeeded' || kind === 'reused') reached.add(next);
    }
  }
  return reached.size - 1;
}
