import type { RunState } from '../../model/run-state.ts';
import { isOutcome } from '../../model/task-state.ts';
import { entryAt } from '../../model/task-table.ts';
import { blocksDownstream, closedGates, dependantsOf } from '../admission/gates.ts';

/** The task and all that keeps it from running: what failed upstream of it, or was given up or cancelled there. */
export function failedUpstreamClosure(state: RunState, task: number): ReadonlySet<number> {
  const chosen = new Set([task]);
  // A set may grow while it is walked; what is added is visited in its turn.
  for (const index of chosen) {
    const looked = closedGates(state, index).flatMap((gate) => state.plan.checks[gate]!.after);
    for (const other of [...state.plan.tasks[index]!.upstream, ...looked]) {
      if (blocksDownstream(entryAt(state.tasks, other).state)) chosen.add(other);
    }
  }
  return chosen;
}

/** The task and everything downstream of it that has begun or has an outcome. */
export function startedDownstreamClosure(state: RunState, task: number): ReadonlySet<number> {
  const reached = new Set([task]);
  for (const index of reached) for (const other of state.plan.tasks[index]!.downstream) reached.add(other);
  return new Set([...reached].filter((index) => entryAt(state.tasks, index).state.kind !== 'waiting'));
}

/**
 * What has to wait again because `tasks` change: what was given up because of them, and what was about to start on what
 * they made. When the run had stopped because of one of them, also what was cancelled only with the run.
 */
export function tasksToReset(state: RunState, tasks: Iterable<number>): ReadonlySet<number> {
  const chosen = new Set(tasks);
  for (const index of cancelledWithRun(state, chosen)) chosen.add(index);
  for (const index of chosen) {
    for (const other of dependantsOf(state, index)) if (waitsAgain(state, other)) chosen.add(other);
  }
  return chosen;
}

/** A task that runs on what one of `tasks` made. */
export function findRunningDependant(state: RunState, tasks: Iterable<number>): number | undefined {
  for (const index of tasks) {
    const running = dependantsOf(state, index).find((other) => entryAt(state.tasks, other).state.kind === 'running');
    if (running !== undefined) return running;
  }
  return undefined;
}

function waitsAgain(state: RunState, index: number): boolean {
  const { kind } = entryAt(state.tasks, index).state;
  return kind === 'upstream-failed' || kind === 'ready' || kind === 'backing-off';
}

function cancelledWithRun(state: RunState, tasks: ReadonlySet<number>): readonly number[] {
  const { phase, plan } = state;
  const reason = phase.kind === 'draining' || phase.kind === 'finished' ? phase.reason : undefined;
  // Who cancelled a run asks for tasks one by one.
  if (reason === undefined || !('task' in reason) || !tasks.has(plan.indexOf.get(reason.task)!)) return [];
  return plan.order.filter((index) => {
    const task = entryAt(state.tasks, index).state;
    return isOutcome(task) && task.kind === 'cancelled' && task.withRun;
  });
}
