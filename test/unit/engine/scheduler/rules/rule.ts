import type { TaskId } from '../../../../../src/engine/model/ids.ts';
import type { Plan } from '../../../../../src/engine/model/pipeline/plan.ts';
import type { CheckState, RunState } from '../../../../../src/engine/model/run/run-state.ts';
import type { TaskState } from '../../../../../src/engine/model/run/task-state.ts';
import type { Scenario, SimulatedRun } from '../../../../support/simulate-run.ts';

/** What must hold in every run, whatever the world and the people do; throws when it does not. */
export type Rule = (run: SimulatedRun, scenario: Scenario) => void;

/** Plain and quick, because rules ask a hundred thousand times. */
export function must(holds: boolean, about: unknown): void {
  if (!holds) throw new Error(JSON.stringify(about));
}

export function statesOf(state: RunState): readonly TaskState[] {
  return state.tasks.chunks.flat().map((entry) => entry.state);
}

export function stateOf(state: RunState, task: string): TaskState {
  return statesOf(state)[state.plan.tasks.findIndex(({ spec }) => spec.id === task)]!;
}

export function isDone(state: TaskState): boolean {
  if (state.kind === 'not-needed') return !state.stops;
  return ['succeeded', 'reused', 'skipped'].includes(state.kind) || isTolerated(state);
}

/**
 * Whether a task need not wait for what is upstream of it any more: it is done, or it is an instance that was not needed and
 * is joined with others that may be.
 */
export function isPassed(plan: Plan, all: readonly TaskState[], task: number, upstream: number): boolean {
  if (isDone(all[upstream]!)) return true;
  const family = plan.tasks[upstream]!.spec.instance?.of;
  const isOther = (one: number) => plan.tasks[one]!.spec.instance?.of === family && !isStopped(all[one]!);
  return isStopped(all[upstream]!) && family !== undefined && plan.tasks[task]!.upstream.some(isOther);
}

/** Whether it has found nothing to do for itself and its downstream; not because of others. */
export function isIdle(state: TaskState): boolean {
  return isStopped(state) && 'because' in state === false;
}

export function isStopped(state: TaskState): boolean {
  return state.kind === 'not-needed' && state.stops;
}

export function isBlocked(state: TaskState): boolean {
  return ['failed', 'timed-out', 'upstream-failed', 'cancelled'].includes(state.kind) && !isTolerated(state);
}

function isTolerated(state: TaskState): boolean {
  return (state.kind === 'failed' || state.kind === 'timed-out') && state.tolerated === true;
}

export function isAtEnd({ plan }: Scenario, task: TaskId): boolean {
  return plan.tasks[plan.indexOf.get(task)!]!.end !== undefined;
}

export function verdictOf(check: CheckState): 'open' | 'closed' | 'none' {
  if (check.kind !== 'done') return 'none';
  return ['pass', 'warn'].includes(check.result.verdict) ? 'open' : 'closed';
}
