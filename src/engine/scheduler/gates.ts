import type { CheckResult } from '../model/check-result.ts';
import type { RunState } from '../model/run-state.ts';
import { unblocksDownstream } from '../model/task-state.ts';
import { entryAt } from '../model/task-table.ts';

/** Whether a gate with this result lets its tasks through: warnings do, failures and unanswered questions do not. */
export function opensGate(result: CheckResult): boolean {
  return result.verdict === 'pass' || result.verdict === 'warn';
}

/** How many upstream tasks and gates of a task are not done. */
export function countUnmet(state: RunState, index: number): number {
  let unmet = 0;
  for (const upstream of state.plan.tasks[index]!.upstream) {
    if (!unblocksDownstream(entryAt(state.tasks, upstream).state)) unmet += 1;
  }
  if (!state.options.runChecks) return unmet;
  for (const check of state.plan.checks) {
    if (!check.gates.includes(index)) continue;
    const checked = state.checks[check.index]!;
    if (checked.kind !== 'done' || !opensGate(checked.result)) unmet += 1;
  }
  return unmet;
}

/** What bars a task for good, if anything: the name of a failed upstream task or gate. */
export function findBarrier(state: RunState, index: number): string | undefined {
  for (const upstream of state.plan.tasks[index]!.upstream) {
    const kind = entryAt(state.tasks, upstream).state.kind;
    if (kind === 'failed' || kind === 'timed-out' || kind === 'upstream-failed' || kind === 'cancelled') {
      return state.plan.tasks[upstream]!.spec.id;
    }
  }
  if (!state.options.runChecks) return undefined;
  for (const check of state.plan.checks) {
    if (!check.gates.includes(index)) continue;
    const checked = state.checks[check.index]!;
    if (checked.kind === 'done' && !opensGate(checked.result)) return check.spec.name;
  }
  return undefined;
}
