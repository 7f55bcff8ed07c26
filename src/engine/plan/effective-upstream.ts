import type { TaskId } from '../model/ids.ts';
import type { PipelineSpec, TaskSpec } from '../model/pipeline/pipeline.ts';
import type { Selected } from './select-tasks.ts';

/**
 * Returns a function from the dependencies that the file names to the upstream tasks of the plan. Tasks outside the
 * selection and skipped ones count as done but keep the order: their downstream waits for their upstream.
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
    // Iterating a set also visits the members added meanwhile.
    for (const id of passed) {
      if (chosen.has(id)) upstream.add(id);
      if (chosen.has(id) && !skipped.has(id)) continue;
      for (const before of specs.get(id)!.dependencies) passed.add(before);
    }
    return [...upstream];
  };
}
