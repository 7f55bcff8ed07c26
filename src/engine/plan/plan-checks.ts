import type { TaskId } from '../model/ids.ts';
import type { CheckSpec, PipelineSpec } from '../model/pipeline.ts';
import type { PlannedCheck } from '../model/plan.ts';

/** Places the checks in a plan: what each waits for, and what a gate holds back. */
export function planChecks(
  spec: PipelineSpec,
  indexOf: ReadonlyMap<TaskId, number>,
  chooseUpstream: (names: readonly TaskId[]) => readonly TaskId[],
): readonly PlannedCheck[] {
  const indices = (ids: Iterable<TaskId>) => [...ids].flatMap((id) => indexOf.get(id) ?? []).sort((a, b) => a - b);
  const heldBack = createHeldBack(spec);
  return spec.checks.map((check, index) => {
    const after = indices(chooseUpstream(check.after));
    const gates = check.gate ? indices(heldBack(check)) : [];
    // A check of tasks that do not run looks at what is there: a gate before what it guards, any other at the end.
    const atEnd = after.length === 0 && gates.length === 0;
    return { index, spec: check, after, atEnd, gates };
  });
}

/** All that is downstream of what a check looks at, but for what the check itself has to wait for. */
function createHeldBack(spec: PipelineSpec): (check: CheckSpec) => ReadonlySet<TaskId> {
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
