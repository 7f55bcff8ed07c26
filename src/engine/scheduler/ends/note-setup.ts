import type { RunState } from '../../model/run/run-state.ts';
import { entryAt, withEntry } from '../../model/run/task-table.ts';

/** Notes with a teardown, when one of both starts, whether what was set up is taken down, in part at least. */
export function noteSetup(state: RunState, started: number): RunState {
  const { tasks, ends } = state.plan;
  const { spec, end } = tasks[started]!;
  const isTeardown = end?.setup !== undefined;
  if (!isTeardown && spec.setup === undefined) return state;
  const teardown = isTeardown ? started : ends.find((index) => tasks[index]!.end!.setup === started);
  if (teardown === undefined) return state;
  const { tookDown = false, ...entry } = entryAt(state.tasks, teardown);
  if (tookDown === isTeardown) return state;
  const noted = isTeardown ? { ...entry, tookDown: true as const } : entry;
  return { ...state, tasks: withEntry(state.tasks, teardown, noted) };
}
