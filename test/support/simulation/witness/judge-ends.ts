import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { PlannedEnd } from '../../../../src/engine/model/pipeline/plan.ts';
import { isOver, type Ledger, must, plannedOf } from './ledger.ts';

/** The first task that a task at the end has to wait for, and that has no outcome yet. */
export function openBefore(ledger: Ledger, { when, after }: PlannedEnd): number | undefined {
  const { tasks } = ledger.plan;
  const others = when === 'teardown' ? [] : tasks.filter(({ end }) => end === undefined).map(({ index }) => index);
  return [...after, ...others].find((index) => !isOver(ledger, index));
}

/** Whether nothing has failed that a task at the end is for, or what it takes down was never set up. */
export function isLeftOut(ledger: Ledger, task: TaskId): boolean {
  const { end } = plannedOf(ledger, task);
  if (end === undefined || openBefore(ledger, end) !== undefined) return false;
  if (end.when === 'on-failure') {
    const isBad = [...ledger.tasks.values()].some(({ isBlocked }) => isBlocked);
    return !isBad && ![...ledger.verdicts.values()].some((one) => one === 'fail' || one === 'error');
  }
  if (end.when !== 'teardown' || end.setup === undefined) return false;
  return ledger.tasks.get(ledger.plan.tasks[end.setup]!.spec.id)!.started === 0;
}

/** What a task needs is up, unless what sets it up counts as done without having done it. */
export function judgeSetups(ledger: Ledger, task: TaskId): void {
  const { plan, tasks, tornDown } = ledger;
  const { index, spec, end } = plannedOf(ledger, task);
  if (spec.setup !== undefined) tornDown.delete(task);
  if (end?.setup !== undefined) {
    const { id } = plan.tasks[end.setup]!.spec;
    must(ledger, tasks.get(id)!.started > 0, 'I21 what never began to be set up is not taken down', {
      task,
      setup: id,
    });
    tornDown.add(id);
  }
  if (end !== undefined) return;
  for (const { end: teardown } of plan.tasks) {
    if (teardown?.setup === undefined || teardown.setup === index || !teardown.after.includes(index)) continue;
    const { id } = plan.tasks[teardown.setup]!.spec;
    const isUp = !tornDown.has(id) || tasks.get(id)!.done !== 'succeeded';
    must(ledger, isUp, 'I21 what needs a setup does not run after its teardown', { task, setup: id });
  }
}

/** Whether somebody has given up what runs at the end. */
export function isGivenUp({ endsGivenUpAt }: Ledger): boolean {
  return endsGivenUpAt < Number.POSITIVE_INFINITY;
}
