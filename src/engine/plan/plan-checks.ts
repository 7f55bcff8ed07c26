import type { TaskId } from '../model/ids.ts';
import type { CheckSpec, PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { PlannedCheck } from '../model/pipeline/plan.ts';

/**
 * The checks of a plan: what each waits for, and which tasks wait for it. Left out are preconditions of tasks that do not
 * run: they judge nothing that the run does. What runs at the end waits for no check.
 * @param runs whether a task is in the plan and not skipped
 */
export function planChecks(
  spec: PipelineSpec,
  indexOf: ReadonlyMap<TaskId, number>,
  chooseUpstream: (names: readonly TaskId[]) => readonly TaskId[],
  runs: (task: TaskId) => boolean,
  ends: ReadonlyMap<TaskId, unknown>,
): readonly PlannedCheck[] {
  const indices = (ids: Iterable<TaskId>) => [...ids].flatMap((id) => indexOf.get(id) ?? []).sort((a, b) => a - b);
  const gatedTasks = createGatedTasks(spec);
  return spec.checks
    .filter(({ after, before }) => after.length > 0 || before.length === 0 || before.some(runs))
    .map((check, index) => {
      const after = indices(chooseUpstream(check.after));
      const held = new Set([...(check.gate ? gatedTasks(check) : []), ...check.before]);
      const gates = indices([...held].filter((task) => !ends.has(task)));
      // When none of its tasks runs, a check judges the existing rows: a gate before its gated tasks, any other at the end.
      const atEnd = after.length === 0 && gates.length === 0;
      return { index, spec: check, after, atEnd, gates };
    });
}

/** Everything downstream of a check's `after`, except what the check itself waits for. */
function createGatedTasks(spec: PipelineSpec): (check: CheckSpec) => ReadonlySet<TaskId> {
  const upstream = new Map<TaskId, readonly TaskId[]>();
  const downstream = new Map<TaskId, TaskId[]>(spec.tasks.map(({ id }) => [id, []]));
  for (const { id, dependencies } of spec.tasks) {
    upstream.set(id, dependencies);
    for (const name of dependencies) downstream.get(name)!.push(id);
  }
  return (check) => {
    const awaited = reach(check.after, upstream);
    const held = reach(check.after, downstream);
    for (const id of awaited) held.delete(id);
    return held;
  };
}

function reach(from: readonly TaskId[], next: ReadonlyMap<TaskId, readonly TaskId[]>): Set<TaskId> {
  const reached = new Set(from);
  for (const id of reached) for (const other of next.get(id) ?? []) reached.add(other);
  return reached;
}
