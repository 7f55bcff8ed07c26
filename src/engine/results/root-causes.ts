import type { TaskId } from '../model/ids.ts';
import type { DrainReason } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import { entryAt, type TaskEntry } from '../model/task-table.ts';

/** What in the end kept tasks or checks from running; never something that was itself not run. */
export type RootCause =
  | {
      readonly kind: 'task';
      readonly task: TaskId;
      readonly how: 'failed' | 'timed-out' | 'cancelled';
      /** When its failure stopped the whole run, and not only what is downstream of it. */
      readonly stopped?: 'critical' | 'sequential';
    }
  | { readonly kind: 'check'; readonly check: string; readonly verdict: 'fail' | 'error' }
  /** A person or a signal stopped the run. */
  | { readonly kind: 'run-cancelled' }
  /** Nothing is begun of which nobody would know. */
  | { readonly kind: 'journal-lost' };

/** The root causes of a task that was not run; the first is the one that came first to it. Empty for all other tasks. */
export function rootCausesOf(state: RunState, index: number): readonly RootCause[] {
  return causesIn(state)[index] ?? none;
}

/** Why a check is never asked: the root causes of the tasks that it looks at, or the end of the run; else empty. */
export function rootCausesOfCheck(state: RunState, check: number): readonly RootCause[] {
  const { phase, plan } = state;
  if (state.checks[check]!.kind !== 'waiting') return none;
  const causes = union(plan.checks[check]!.after.map((index) => blockerCauses(state, index, causesIn(state))));
  if (causes.length > 0) return causes;
  const reason = phase.kind === 'draining' || phase.kind === 'finished' ? phase.reason : undefined;
  return reason === undefined || 'task' in reason ? none : [drainCause(state, reason)];
}

/** Whether a task ended without having begun: something upstream failed, or the run was stopped before its turn. */
export function wasNotRun({ state, startedAt }: TaskEntry): boolean {
  return state.kind === 'upstream-failed' || (state.kind === 'cancelled' && state.withRun && startedAt === undefined);
}

/** All that went wrong by itself in the whole run: tasks in the order of the pipeline, then checks. */
export function rootCausesOfRun(state: RunState): readonly RootCause[] {
  const tasks = state.plan.tasks.flatMap(({ index }) => ownCause(state, index) ?? []);
  const checks = state.plan.checks.flatMap(({ index }) => checkCause(state, index) ?? []);
  return [...tasks, ...checks];
}

const none: readonly RootCause[] = [];
const known = new WeakMap<RunState, readonly (readonly RootCause[])[]>();

/** By index of a task. Computed once for a state, in dependency order, so that a long chain costs no more than its length. */
function causesIn(state: RunState): readonly (readonly RootCause[])[] {
  const before = known.get(state);
  if (before !== undefined) return before;
  const causes: (readonly RootCause[])[] = new Array(state.plan.tasks.length).fill(none);
  for (const index of state.plan.order) causes[index] = causesOfTask(state, index, causes);
  known.set(state, causes);
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
  // What barred the task is named first, and then what would have barred it as well.
  if (first === undefined) return union([...fromGates, ...fromTasks]);
  return union([blockerCauses(state, first, causes), ...fromTasks, ...fromGates]);
}

/** What a task hands down to those that wait for it. */
function blockerCauses(
  state: RunState,
  index: number,
  causes: readonly (readonly RootCause[])[],
): readonly RootCause[] {
  const own = ownCause(state, index);
  return own === undefined ? causes[index]! : [own];
}

/** A gate that nobody asked was kept from it by the tasks it looks at. */
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
      return { kind: 'task', task: id, how: task.kind };
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
  if (reason.kind === 'journal-lost') return reason;
  const index = state.plan.indexOf.get(reason.task)!;
  const timedOut = entryAt(state.tasks, index).state.kind === 'timed-out';
  return { kind: 'task', task: reason.task, how: timedOut ? 'timed-out' : 'failed', stopped: reason.kind };
}

function union(lists: readonly (readonly RootCause[])[]): readonly RootCause[] {
  const filled = [...new Set(lists)].filter((list) => list.length > 0);
  if (filled.length < 2) return filled[0] ?? none;
  const found = new Map<string, RootCause>();
  for (const list of filled) for (const cause of list) if (!found.has(keyOf(cause))) found.set(keyOf(cause), cause);
  return [...found.values()];
}

function keyOf(cause: RootCause): string {
  switch (cause.kind) {
    case 'task':
      return `task ${cause.task}`;
    case 'check':
      return `check ${cause.check}`;
    case 'run-cancelled':
    case 'journal-lost':
      return cause.kind;
  }
}
