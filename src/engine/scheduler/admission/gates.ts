import type { CheckState, RunState } from '../../model/run-state.ts';
import { isOutcome, type TaskState, unblocksDownstream } from '../../model/task-state.ts';
import { entryAt } from '../../model/task-table.ts';

/** Whether what waits for the task will never run, as things stand. */
export function blocksDownstream(state: TaskState): boolean {
  return isOutcome(state) && !unblocksDownstream(state);
}

/** Whether a gate lets its tasks through: a pass or a warning does, a failure or a question that could not be asked does not. */
export function isOpen(check: CheckState): boolean {
  return check.kind === 'done' && (check.result.verdict === 'pass' || check.result.verdict === 'warn');
}

/** The gates of a task that have not opened. */
export function closedGates(state: RunState, task: number): readonly number[] {
  return state.gatesOn[task]!.filter((gate) => !isOpen(state.checks[gate]!));
}

/** How many upstream tasks and gates of a task are not done. */
export function countUnmet(state: RunState, index: number): number {
  let unmet = 0;
  for (const upstream of state.plan.tasks[index]!.upstream) {
    if (!unblocksDownstream(entryAt(state.tasks, upstream).state)) unmet += 1;
  }
  return unmet + closedGates(state, index).length;
}

/** What bars a task as things stand, if anything: the name of an upstream task or of a gate. */
export function findBlocker(state: RunState, index: number): string | undefined {
  const { tasks, checks } = state.plan;
  const bars = (other: number) => blocksDownstream(entryAt(state.tasks, other).state);
  const upstream = tasks[index]!.upstream.find(bars);
  if (upstream !== undefined) return tasks[upstream]!.spec.id;
  const gate = state.gatesOn[index]!.find((one) => {
    const check = state.checks[one]!;
    if (check.kind === 'done') return !isOpen(check);
    // A gate is not asked when what it looks at failed; then it never opens.
    return checks[one]!.after.some(bars);
  });
  return gate === undefined ? undefined : checks[gate]!.spec.name;
}

/** All that a task lets through when it is done: what depends on it, and what the checks that look at it hold back. */
export function dependantsOf(state: RunState, index: number): readonly number[] {
  const { tasks, checks } = state.plan;
  const { downstream } = tasks[index]!;
  const gated = state.checksAfter[index]!.flatMap((check) => checks[check]!.gates);
  return gated.length === 0 ? downstream : [...new Set([...downstream, ...gated])];
}
