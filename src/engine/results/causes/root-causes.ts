import type { TaskId } from '../../model/ids.ts';
import type { DrainReason } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt, type TaskEntry } from '../../model/run/task-table.ts';

/** What originally kept tasks or checks from running; never something that was itself not run. */
export type RootCause =
  | {
      readonly kind: 'task';
      readonly task: TaskId;
      readonly how: 'failed' | 'timed-out' | 'cancelled';
      /** Set when its failure stopped the whole run, not only its downstream. */
      readonly stopped?: 'critical' | 'sequential';
    }
  | { readonly kind: 'check'; readonly check: string; readonly verdict: 'fail' | 'error' }
  /** The operator or a signal stopped the run. */
  | { readonly kind: 'run-cancelled' }
  /** It took longer than its pipeline allows. */
  | { readonly kind: 'run-limit'; readonly afterMs: number }
  /** The journal could no longer be written, so nothing more was started. */
  | { readonly kind: 'journal-lost' };

/** The root causes of a task that was not run, the one that blocked it first in front. Empty for all other tasks. */
export function rootCausesOf(state: RunState, index: number): readonly RootCause[] {
  return causesIn(state)[index] ?? none;
}

/** Why a check never runs: the root causes of the tasks in its `after`, or the end of the run; else empty. */
export function rootCausesOfCheck(state: RunState, check: number): readonly RootCause[] {
  const { phase, plan } = state;
  if (state.checks[check]!.kind !== 'waiting') return none;
  const causes = union(plan.checks[check]!.after.map((index) => blockerCauses(state, index, causesIn(state))));
  if (causes.length > 0) return causes;
  const reason = phase.kind === 'draining' || phase.kind === 'finished' ? phase.reason : undefined;
  return reason === undefined || 'task' in reason ? none : [drainCause(state, reason)];
}

/** Whether a task has an outcome but never started: something upstream failed, or the run stopped before its turn. */
export function wasNotRun({ state, startedAt }: Pick<TaskEntry, 'state' | 'startedAt'>): boolean {
  return state.kind === 'upstream-failed' || (state.kind === 'cancelled' && state.withRun && startedAt === undefined);
}

/** All root causes of the run: tasks in the order of the pipeline, then checks. */
export function rootCausesOfRun(state: RunState): readonly RootCause[] {
  const tasks = state.plan.tasks.flatMap(({ index }) => ownCause(state, index) ?? []);
  const checks = state.plan.checks.flatMap(({ index }) => checkCause(state, index) ?? []);
  return [...tasks, ...checks];
}

const none: readonly RootCause[] = [];
const cache = new WeakMap<RunState, readonly (readonly RootCause[])[]>();

/** The root causes by task index; computed once per state in topological order, in time linear in the graph. */
function causesIn(state: RunState): readonly (readonly RootCause[])[] {
  const cached = cache.get(state);
  if (cached !== undefined) return cached;
  const causes: (readonly RootCause[])[] = new Array(state.plan.tasks.length).fill(none);
  for (const index of state.plan.order) causes[index] = causesOfTask(state, index, causes);
  cache.set(state, causes);
  return causes;
}

function causesOfTask(state: RunState, index: number, causes: readonly (readonly RootCause[])[]): readonly RootCause[] {
  const { state: task, drained } = entryAt(state.tasks, index);
  if (task.kind === 'cancelled' && task.withRun) return [drainCause(state, drained ?? { kind: 'cancelled' })];
  if (task.kind !== 'upstream-failed') return none;
  const { tasks, checks, indexOf } = state.plan;
  const first = indexOf.get(task.because as TaskId);
  const gates = state.gatesOn[index]!.toSorted(
    (one, other) => Number(checks[other]!.spec.name === task.because) - Number(checks[one]!.spec.name === task.because),
  );
  const fromTasks = tasks[index]!.upstream.map((other) => blockerCauses(state, other, causes));
  const fromGates = gates.map((gate) => gateCauses(state, gate, causes));
  // What blocked the task comes first, then what would have blocked it as well.
  if (first === undefined) return union([...fromGates, ...fromTasks]);
  return union([blockerCauses(state, first, causes), ...fromTasks, ...fromGates]);
}

/** The root causes that a task passes on to its downstream: itself, or else its own root causes. */
function blockerCauses(
  state: RunState,
  index: number,
  causes: readonly (readonly RootCause[])[],
): readonly RootCause[] {
  const own = ownCause(state, index);
  return own === undefined ? causes[index]! : [own];
}

/** A gate that did not run was blocked by the tasks in its `after`. */
function gateCauses(state: RunState, gate: number, causes: readonly (readonly RootCause[])[]): readonly RootCause[] {
  const own = checkCause(state, gate);
  if (own !== undefined) return [own];
  if (state.checks[gate]!.kind === 'done') return none;
  return union(state.plan.checks[gate]!.after.map((index) => blockerCauses(state, index, causes)));
}

function ownCause(state: RunState, index: number): RootCause | undefined {
  const { state: task } = entryAt(state.tasks, index);
  const { id } = state.plan.tasks[index]!.spec;
  switch (task.kind) {
    case 'failed':
    case 'timed-out':
      return task.tolerated ? undefined : { kind: 'task', task: id, how: task.kind };
    case 'cancelled':
      return task.withRun ? undefined : { kind: 'task', task: id, how: 'cancelled' };
    default:
      return undefined;
  }
}

function checkCause(state: RunState, index: number): RootCause | undefined {
  const check = state.checks[index]!;
  if (check.kind !== 'done') return undefined;
  const { verdict } = check.result;
  if (verdict !== 'fail' && verdict !== 'error') return undefined;
  return { kind: 'check', check: state.plan.checks[index]!.spec.name, verdict };
}

function drainCause(state: RunState, reason: DrainReason): RootCause {
  if (reason.kind === 'cancelled') return { kind: 'run-cancelled' };
  if (reason.kind === 'journal-lost' || reason.kind === 'run-limit') return reason;
  const index = state.plan.indexOf.get(reason.task)!;
  const timedOut = entryAt(state.tasks, index).state.kind === 'timed-out';
  return { kind: 'task', task: reason.task, how: timedOut ? 'timed-out' : 'failed', stopped: reason.kind };
}

function union(lists: readonly (readonly RootCause[])[]): readonly RootCause[] {
  const filled = [...new Set(lists)].filter((list) => list.length > 0);
  if (filled.length < 2) return filled[0] ?? none;
  const found = new Map<string, RootCause>();
  for (const list of filled)
    for (const cause of list) if (!found.has(causeKey(cause))) found.set(causeKey(cause), cause);
  return [...found.values()];
}

/** The same text for the same cause: `task load`, `check orphans`. */
export function causeKey(cause: RootCause): string {
  switch (cause.kind) {
    case 'task':
      return `task ${cause.task}`;
    case 'check':
      return `check ${cause.check}`;
    case 'run-cancelled':
    case 'run-limit':
    case 'journal-lost':
      return cause.kind;
  }
}
