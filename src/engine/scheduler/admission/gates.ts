import type { CheckState, RunState } from '../../model/run/run-state.ts';
import {
  isOutcome,
  isStoppedByOthers,
  type Outcome,
  stopsDownstream,
  type TaskState,
  unblocksDownstream,
} from '../../model/run/task-state.ts';
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

/** The instance before this one in a sequential matrix, as long as it has no outcome. */
export function unmetTurn({ plan, tasks }: RunState, index: number): number | undefined {
  const after = plan.tasks[index]!.turn?.after;
  return after === undefined || isOutcome(entryAt(tasks, after).state) ? undefined : after;
}

/**
 * How many upstream tasks and gates of a task are not done, and whether it is its turn in a sequential matrix; always 1 for
 * one at the end, which waits for outcomes of any kind.
 */
export function countUnmet(state: RunState, index: number): number {
  const task = state.plan.tasks[index]!;
  if (task.end !== undefined) return 1;
  let unmet = unmetTurn(state, index) === undefined ? 0 : 1;
  for (const upstream of task.upstream) {
    if (!unblocksDownstream(entryAt(state.tasks, upstream).state)) unmet += 1;
  }
  return unmet + closedGates(state, index).length;
}

/**
 * Whether all that comes before a waiting task is done. An instance of a matrix that was not needed counts as done for a task
 * that joins it with others: `findBlock` tells when none of them was.
 */
export function isFree(state: RunState, index: number): boolean {
  const { state: task } = entryAt(state.tasks, index);
  const unmet = task.kind === 'waiting' ? task.unmet : countUnmet(state, index);
  return unmet === 0 || (unmet === countExcused(state, index) && findBlock(state, index) === undefined);
}

/** How many upstream instances were not needed; undefined when another upstream task is not done. */
function countExcused({ plan, tasks }: RunState, index: number): number | undefined {
  if (plan.families.size === 0) return undefined;
  const { upstream } = plan.tasks[index]!;
  let excused = 0;
  // From the end, because the last tasks usually finish last: the search mostly stops at the first step.
  for (let at = upstream.length - 1; at >= 0; at -= 1) {
    const other = upstream[at]!;
    const { state } = entryAt(tasks, other);
    if (unblocksDownstream(state)) continue;
    if (!stopsDownstream(state) || plan.tasks[other]!.spec.instance === undefined) return undefined;
    excused += 1;
  }
  return excused;
}

/** The outcome of a task that will not run because of others; undefined when it still may. */
export function findBlock(state: RunState, index: number): Outcome | undefined {
  for (const upstream of state.plan.tasks[index]!.upstream) {
    const block = blockByUpstream(state, index, upstream);
    if (block !== undefined) return block;
  }
  for (const gate of state.gatesOn[index]!) {
    const block = blockByGate(state, gate);
    if (block !== undefined) return block;
  }
  return undefined;
}

/** What becomes of a task because of one upstream; a task that joins instances of a matrix is needed as long as one of them was. */
export function blockByUpstream(state: RunState, index: number, upstream: number): Outcome | undefined {
  const block = blockByTask(state, upstream);
  if (block === undefined || block.kind !== 'not-needed') return block;
  const { tasks } = state.plan;
  const family = tasks[upstream]!.spec.instance?.of;
  if (family === undefined) return block;
  const isOther = (other: number) =>
    tasks[other]!.spec.instance?.of === family && !stopsDownstream(entryAt(state.tasks, other).state);
  return tasks[index]!.upstream.some(isOther) ? undefined : block;
}

/** What becomes of the downstream of a task; undefined when it may run. */
function blockByTask(state: RunState, index: number): Outcome | undefined {
  const task = entryAt(state.tasks, index).state;
  if (!blocksDownstream(task)) return undefined;
  const { id } = state.plan.tasks[index]!.spec;
  if (task.kind !== 'not-needed') return { kind: 'upstream-failed', because: id };
  return { kind: 'not-needed', stops: true, because: task.because ?? id };
}

/** What becomes of the tasks behind a gate; undefined when it is open or may still open. */
export function blockByGate(state: RunState, gate: number): Outcome | undefined {
  const check = state.checks[gate]!;
  const { spec, after } = state.plan.checks[gate]!;
  const isClosed = { kind: 'upstream-failed', because: spec.name } as const;
  if (check.kind === 'done') return isGateOpen(check) ? undefined : isClosed;
  const stateOf = (index: number) => entryAt(state.tasks, index).state;
  // A gate does not run when one of its tasks failed, and then never opens.
  if (after.some((index) => blocksDownstream(stateOf(index)) && !stopsDownstream(stateOf(index)))) return isClosed;
  const stopped = after.find((index) => isStoppedByOthers(stateOf(index)));
  if (stopped !== undefined) return blockByTask(state, stopped);
  // None of its tasks has changed anything.
  const [first] = after;
  const isIdle = first !== undefined && after.every((index) => stopsDownstream(stateOf(index)));
  return isIdle ? blockByTask(state, first) : undefined;
}

/** Everything that may start only after the task: its downstream, and the tasks behind gates that check it. */
export function dependantsOf(state: RunState, index: number): readonly number[] {
  const { tasks, checks } = state.plan;
  const { downstream } = tasks[index]!;
  const gated = state.checksAfter[index]!.flatMap((check) => checks[check]!.gates);
  return gated.length === 0 ? downstream : [...new Set([...downstream, ...gated])];
}
