import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan, Selection } from '../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { buildPlan } from './build-plan.ts';

/** The tasks of a plan that a selection means, by index. Errors: `plan/unknown-task`, `plan/no-tasks`. */
export function selectedTasks(
  { pipeline, written, indexOf }: Plan,
  selection: Selection,
): Result<ReadonlySet<number>, readonly Diagnostic[]> {
  const { plan, diagnostics } = buildPlan(
    written?.pipeline ?? pipeline,
    selection,
    new Map(),
    undefined,
    written?.values,
  );
  if (plan === undefined) return failed(diagnostics);
  return ok(new Set(plan.tasks.flatMap(({ spec }) => indexOf.get(spec.id) ?? [])));
}
