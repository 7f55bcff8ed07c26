import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome, isStoppedByOthers, type TaskState } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { blocksDownstream, closedGates, dependantsOf } from '../admission/gates.ts';
import { stopCondition } from '../attempts/stop-task.ts';
import { startRunLimit } from '../end-run.ts';
import { endsToReset, findRunningEnd, setupsToRepeat } from '../ends/reset-ends.ts';
import { record, type Transition } from '../transition.ts';

/** The task and everything upstream that keeps it from running: failed, cancelled, or itself not run. */
export function failedUpstreamClosure(state: RunState, task: number): ReadonlySet<number> {
  const closure = new Set([task]);
  // Iterating a set also visits the members added meanwhile.
  for (const index of closure) {
    const checked = closedGates(state, index).flatMap((gate) => state.plan.checks[gate]!.after);
    for (const other of [...state.plan.tasks[index]!.upstream, ...checked]) {
      if (blocksDownstream(entryAt(state.tasks, other).state)) closure.add(other);
    }
  }
  return closure;
}

/** The task and everything downstream of it that has begun or has an outcome. */
export function startedDownstreamClosure(state: RunState, task: number): ReadonlySet<number> {
  const reached = new Set([task]);
  for (const index of reached) for (const other of state.plan.tasks[index]!.downstream) reached.add(other);
  return new Set([...reached].filter((index) => entryAt(state.tasks, index).state.kind !== 'waiting'));
}

/**
 * The tasks that return to waiting when `tasks` do, including `tasks`:
 * 1. When the failure of one of them stopped the run: everything that was cancelled with the run.
 * 2. Downstream of all these, what was not run because of them, and what was about to start on their results.
 * 3. In a sequential matrix, the instance behind one of them that was about to begin.
 * 4. What was taken down that they need is set up again. `resetTasks` adds what runs at the end.
 */
export function tasksToReset(state: RunState, tasks: Iterable<number>): ReadonlySet<number> {
  return withSetups(state, withDependants(state, tasks));
}

/** The first three of these steps. */
export function withDependants(state: RunState, tasks: Iterable<number>): Set<number> {
  const reset = new Set(tasks);
  for (const index of cancelledWithRun(state, reset)) reset.add(index);
  addDependants(state, reset);
  return reset;
}

/** The fourth step. */
export function withSetups(state: RunState, tasks: ReadonlySet<number>): ReadonlySet<number> {
  const setups = setupsToRepeat(state, tasks);
  if (setups.size === 0) return tasks;
  const reset = new Set([...tasks, ...setups]);
  addDependants(state, reset);
  // These may need others.
  return withSetups(state, reset);
}

function addDependants(state: RunState, reset: Set<number>): void {
  for (const index of reset) {
    for (const other of dependantsOf(state, index)) if (dependsOnOldResult(state, other)) reset.add(other);
    const next = state.plan.tasks[index]!.turn?.before;
    if (next !== undefined && isAboutToBegin(state, next)) reset.add(next);
  }
}

/** A running task that uses the result of one of `tasks`. */
export function findRunningDependant(state: RunState, tasks: Iterable<number>): number | undefined {
  for (const index of tasks) {
    const running = dependantsOf(state, index).find((other) => entryAt(state.tasks, other).state.kind === 'running');
    if (running !== undefined) return running;
  }
  return undefined;
}

/** Why these tasks cannot run again now: one is running that comes after them, at the end. */
export function refuseAfterEnd(state: RunState, tasks: ReadonlySet<number>): string | undefined {
  const end = findRunningEnd(state, tasks);
  if (end === undefined) return undefined;
  return `task ${state.plan.tasks[end]!.spec.id} is running at the end of the run; wait for it`;
}

function dependsOnOldResult(state: RunState, index: number): boolean {
  const { state: task } = entryAt(state.tasks, index);
  switch (task.kind) {
    case 'awaiting':
    case 'asking':
    case 'ready':
    case 'backing-off':
      return true;
    default:
      return isDecidedByOthers(task);
  }
}

/** Whether a task was not run or was not needed because of others. */
export function isDecidedByOthers(state: TaskState): boolean {
  return state.kind === 'upstream-failed' || isStoppedByOthers(state);
}

function isAboutToBegin(state: RunState, index: number): boolean {
  const { state: task, attempts } = entryAt(state.tasks, index);
  return attempts === 0 && ['awaiting', 'asking', 'ready'].includes(task.kind);
}

function cancelledWithRun(state: RunState, tasks: ReadonlySet<number>): readonly number[] {
  const { phase, plan } = state;
  const reason = phase.kind === 'draining' || phase.kind === 'finished' ? phase.reason : undefined;
  // After the operator cancelled the run, only the tasks that the operator reruns come back.
  if (reason === undefined || !('task' in reason) || !tasks.has(plan.indexOf.get(reason.task)!)) return [];
  return plan.order.filter((index) => {
    const task = entryAt(state.tasks, index).state;
    return isOutcome(task) && task.kind === 'cancelled' && task.withRun;
  });
}

/** Puts tasks back to waiting, with what runs at the end; `propagate` finds out afterwards which of them can start at once. */
export function resetTasks(transition: Transition, tasks: ReadonlySet<number>): void {
  for (const index of [...tasks, ...endsToReset(transition.state, tasks)]) {
    stopCondition(transition, index);
    record(transition, { type: 'task.reset', task: transition.state.plan.tasks[index]!.spec.id });
    transition.toPropagate.push(index);
  }
}

/** Makes a draining or finished run continue. */
export function reopen(transition: Transition): void {
  const { kind } = transition.state.phase;
  if (kind !== 'draining' && kind !== 'finished') return;
  record(transition, { type: 'run.reopened' });
  startRunLimit(transition);
}
