import type { TaskId } from '../../model/ids.ts';
import { familyOf } from '../../model/pipeline/matrix.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { changedCondition, findChange } from '../../scheduler/resume/find-change.ts';
import type { ReusePreview } from '../reuse/preview-reuse.ts';

/** Why a task runs again, without being asked to. */
export type WhyAgain = 'inputs' | 'task' | 'new' | 'unfinished';

/**
 * The tasks of a plan that have to run again, each with the first reason; what is downstream of them is not among them.
 * @param before the plan until now, of the same selection
 * @param changed tasks that read a file whose marks have changed
 * @param previews what a run that reuses would do; a task that may not be reused is missing
 * @param unfinished tasks that did not do their work in the run before
 */
export function whatRunsAgain(
  before: Plan,
  plan: Plan,
  changed: ReadonlySet<TaskId>,
  previews: ReadonlyMap<TaskId, ReusePreview>,
  unfinished: ReadonlySet<TaskId>,
): ReadonlyMap<TaskId, WhyAgain> {
  const again = new Map<TaskId, WhyAgain>();
  for (const { index, spec, end, skip } of plan.tasks) {
    if (skip || end !== undefined) continue;
    const { id } = spec;
    const old = before.indexOf.get(id);
    if (old === undefined) again.set(id, 'new');
    else if (findChange(before, old, plan, index) ?? changedCondition(before, old, plan, index)) again.set(id, 'task');
    // Saved once more, with the same content.
    else if (changed.has(id) && previews.get(id)?.kind !== 'reused') again.set(id, 'inputs');
    else if (unfinished.has(id)) again.set(id, 'unfinished');
  }
  for (const id of unfinished) {
    // An instance for a line of a file is not known before that is written.
    const family = familyOf(id);
    if (family !== undefined && !plan.indexOf.has(id) && plan.families.has(family)) again.set(family, 'unfinished');
  }
  return again;
}

/** Which tasks have not done their work, when one more run has ended: those of before that were not part of it stay so. */
export function unfinishedAfter(before: ReadonlySet<TaskId>, { plan, tasks }: RunState): ReadonlySet<TaskId> {
  const unfinished = new Set(before);
  for (const { index, spec, end } of plan.tasks) {
    if (end !== undefined) continue;
    if (hasWorked(entryAt(tasks, index).state.kind)) unfinished.delete(spec.id);
    else unfinished.add(spec.id);
  }
  return unfinished;
}

function hasWorked(kind: ReturnType<typeof entryAt>['state']['kind']): boolean {
  return kind === 'succeeded' || kind === 'reused' || kind === 'skipped' || kind === 'not-needed';
}
