import type { EpochMs, TaskId } from '../../model/ids.ts';
import type { OverloadKind } from '../../model/run/capacity.ts';
import type { OverloadState, RunState } from '../../model/run/run-state.ts';
import type { FailureCause, Outcome } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { limitOfRun } from '../placement/known-hosts.ts';

/** Counts an overload. One of an attempt that started before the last step says nothing about the limit of now. */
export function countOverload(state: RunState, task: TaskId, cause: FailureCause): RunState {
  if (cause.kind !== 'overload') return state;
  const current = entryAt(state.tasks, state.plan.indexOf.get(task)!).state;
  const { overload } = state;
  const isOld = current.kind === 'running' && current.startedAt < (overload.steppedAt ?? 0);
  return { ...state, overload: { ...overload, failures: overload.failures + Number(!isOld), successes: 0 } };
}

export function countOutcome(state: RunState, task: TaskId, outcome: Outcome): RunState {
  if ('cause' in outcome && outcome.cause !== undefined) return countOverload(state, task, outcome.cause);
  const { overload } = state;
  if (outcome.kind !== 'succeeded' || overload.maxParallel === undefined) return state;
  return { ...state, overload: { ...overload, successes: overload.successes + 1 } };
}

/** Also where there are no more hosts than for so many just now: others may come. */
export function steppedDown(limit: number, at: EpochMs, because: OverloadKind): OverloadState {
  return { steppedAt: at, failures: 0, successes: 0, maxParallel: limit, because };
}

/** Without a limit of its own once it is that of the run again. */
export function steppedUp(state: RunState, limit: number, at: EpochMs): OverloadState {
  const { because } = state.overload;
  const counts = { steppedAt: at, failures: 0, successes: 0 };
  if (limit >= limitOfRun(state)) return counts;
  return { ...counts, maxParallel: limit, ...(because === undefined ? {} : { because }) };
}

/** Once an operator has set the limit of the run, which also replaces that of a step down. */
export function withoutStep({ maxParallel: _, because: __, ...counts }: OverloadState): OverloadState {
  return counts;
}
