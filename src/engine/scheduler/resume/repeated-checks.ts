import type { TaskId } from '../../model/ids.ts';
import type { Plan, PlannedCheck } from '../../model/pipeline/plan.ts';
import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/**
 * The checks with an answer that are asked again: it was no good, the check is another one now, or a task runs again that it
 * looks at, or any at all for one at the end of the run.
 */
export function checksToRepeat(
  before: RunState,
  plan: Plan,
  decisions: ReadonlyMap<TaskId, ResumeDecision>,
): readonly string[] {
  const staysDone = (index: number) => {
    const { id } = plan.tasks[index]!.spec;
    const old = before.plan.indexOf.get(id);
    if (old === undefined) return false;
    const { kind } = entryAt(before.tasks, old).state;
    const decision = decisions.get(id);
    return decision?.kind === 'reused' || kind === 'skipped' || (kind === 'not-needed' && decision === undefined);
  };
  const allStayDone = plan.tasks.every(({ index, end }) => end !== undefined || staysDone(index));
  return plan.checks.flatMap((check) => {
    const old = before.plan.checks.find(({ spec }) => spec.name === check.spec.name);
    const answered = old === undefined ? undefined : before.checks[old.index]!;
    if (old === undefined || answered?.kind !== 'done') return [];
    const { verdict } = answered.result;
    const isGood = verdict === 'pass' || verdict === 'warn';
    const isKept = check.atEnd ? allStayDone : check.after.every(staysDone);
    return isGood && isKept && questionOf(before.plan, old) === questionOf(plan, check) ? [] : [check.spec.name];
  });
}

/** What decides its answer. */
function questionOf({ tasks }: Plan, { spec, after, atEnd }: PlannedCheck): string {
  return JSON.stringify([spec.definition, spec.onFail, atEnd, after.map((index) => tasks[index]!.spec.id).toSorted()]);
}
