import type { TaskId } from '../model/ids.ts';
import type { PipelineSpec, TaskSpec } from '../model/pipeline.ts';
import type { Selected } from './select-tasks.ts';

/**
 * What a list of tasks waits for in a plan. Tasks outside the selection and those set aside count as done, but they
 * still hold the order: what comes after them waits for what comes before them, as it would in a sequential run.
 */
export function effectiveUpstream(
  spec: PipelineSpec,
  { chosen, skipped }: Selected,
): (names: readonly TaskId[]) => readonly TaskId[] {
  const everything = chosen.size === spec.tasks.length && skipped.size === 0;
  if (everything) return (names) => names;
  const specs = new Map<TaskId, TaskSpec>(spec.tasks.map((task) => [task.id, task]));
  return (names) => {
    const upstream = new Set<TaskId>();
    const passed = new Set<TaskId>(names);
    // A set may grow while it is walked; what is added is visited in its turn.
    for (const id of passed) {
      if (chosen.has(id)) upstream.add(id);
      if (chosen.has(id) && !skipped.has(id)) continue;
      for (const before of specs.get(id)!.dependencies) passed.add(before);
    }
    return [...upstream];
  };
}
