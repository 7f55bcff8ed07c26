import { createIndexSet } from '../model/index-set.ts';
import type { Plan, RunOptions } from '../model/plan.ts';
import type { RunState } from '../model/run-state.ts';
import { createTable } from '../model/task-table.ts';

/** A run before its first event: every task waits for its upstream tasks and its gates. */
export function initialState(plan: Plan, options: RunOptions): RunState {
  const queueOrder = options.sequential ? plan.order : plan.byRank;
  const queuePlace = new Int32Array(plan.tasks.length);
  queueOrder.forEach((index, place) => {
    queuePlace[index] = place;
  });
  const gates = new Int32Array(plan.tasks.length);
  if (options.runChecks) for (const check of plan.checks) for (const index of check.gates) gates[index]! += 1;
  return {
    plan,
    options,
    queuePlace,
    queueOrder,
    phase: { kind: 'planned' },
    paused: false,
    maxParallel: options.sequential ? 1 : options.maxParallel,
    tasks: createTable(plan.tasks.length, (index) => ({
      state: { kind: 'waiting', unmet: plan.tasks[index]!.upstream.length + gates[index]! },
      attempts: 0,
      failures: 0,
    })),
    ready: createIndexSet(plan.tasks.length),
    running: 0,
    backingOff: 0,
    open: plan.tasks.length,
    poolUse: new Map(),
    connectionUse: 0,
    checks: plan.checks.map(() => ({ kind: 'waiting' })),
  };
}
