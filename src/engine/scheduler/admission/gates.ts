import type { CheckState, RunState } from '../../model/run/run-state.ts';
import { isOutcome, type TaskState, unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/** Whether the downstream of the task will not run in its present state. */
export function blocksDownstream(state: TaskState): boolean {
  return isOutcome(state) && !unblocksDownstream(state);
}

/** Whether a gate lets its tasks start: it passed or only warned. One that failed or could not run stays closed. */
export function isGateOpen(check: CheckState): boolean {
  return check.kind === 'done' && (check.result.verdict === 'pass' || check.result.verdict === 'warn');
}

/** Whether the check has been started and has no answer yet. */
export function isUnderWay({ kind }: CheckState): boolean {
  return kind === 'running' || kind === 'backing-off';
}

/** The gates of a task that are not open. */
export function closedGates(state: RunState, task: number): readonly number[] {
  return state.gatesOn[task]!.filter((gate) => !isGateOpen(state.checks[gate]!));
}

/** How many upstream tasks and gates of a task are not done. */
export function countUnmet(state: RunState, index: number): number {
  let unmet = 0;
  for (const upstream of state.plan.tasks[index]!.upstream) {
    if (!unblocksDownstream(entryAt(state.tasks, upstream).state)) unmet += 1;
  }
  return unmet + closedGates(state, index).length;
}

/** The name of the upstream task or gate because of which a task will not run; undefined when it still may. */
export function findBlocker(state: RunState, index: number): string | undefined {
  const { tasks, checks } = state.plan;
  const isBlocking = (other: number) => blocksDownstream(entryAt(state.tasks, other).state);
  const upstream = tasks[index]!.upstream.find(isBlocking);
  if (upstream !== undefined) return tasks[upstream]!.spec.id;
  const gate = state.gatesOn[index]!.find((one) => {
    const check = state.checks[one]!;
    if (check.kind === 'done') return !isGateOpen(check);
    // A gate does not run when one of its tasks failed, and then never opens.
    return checks[one]!.after.some(isBlocking);
  });
  return gate === undefined ? undefined : checks[gate]!.spec.name;
}

/** Everything that may start only after the task: its downstream, and the tasks behind gates that check it. */
export function dependantsOf(state: RunState, index: number): readonly number[] {
  const { tasks, checks } = state.plan;
  const { downstream } = tasks[index]!;
  const gated = state.checksAfter[index]!.flatMap((check) => checks[check]!.gates);
  return gated.length === 0 ? downstream : [...new Set([...downstream, ...gated])];
}
