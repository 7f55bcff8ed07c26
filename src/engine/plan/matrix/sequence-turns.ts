import type { TaskId } from '../../model/ids.ts';
import type { Family } from '../../model/pipeline/matrix.ts';
import type { PlannedTask } from '../../model/pipeline/plan.ts';

/** By task index, which instance of a sequential matrix comes before and which after; both in the order of their values. */
export function sequenceTurns(
  families: readonly Family[] | undefined,
  tasks: readonly Pick<PlannedTask, 'index' | 'spec' | 'end'>[],
): ReadonlyMap<number, NonNullable<PlannedTask['turn']>> {
  const turns = new Map<number, NonNullable<PlannedTask['turn']>>();
  const sequential = new Set((families ?? []).filter(({ order }) => order === 'sequential').map(({ id }) => id));
  if (sequential.size === 0) return turns;
  const last = new Map<TaskId, number>();
  for (const { index, spec, end } of tasks) {
    const of = spec.instance?.of;
    // What runs at the end waits for outcomes of its own.
    if (of === undefined || end !== undefined || !sequential.has(of)) continue;
    const after = last.get(of);
    last.set(of, index);
    if (after === undefined) continue;
    turns.set(after, { ...turns.get(after), before: index });
    turns.set(index, { after });
  }
  return turns;
}
