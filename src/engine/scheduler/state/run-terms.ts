import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RunTerms } from '../../model/run/run-event.ts';

/** What the run goes by, as its journal keeps it; `optionsOf` is its inverse. */
export function termsOf(plan: Plan, options: RunOptions, maxParallel: number): RunTerms {
  return {
    planHash: plan.hash,
    maxParallel,
    sequential: options.sequential,
    tasks: plan.tasks.length,
    ...(Object.keys(plan.selection).length === 0 ? {} : { selection: plan.selection }),
    ...(options.params === undefined ? {} : { params: options.params }),
    ...(options.runChecks ? {} : { runChecks: false }),
    ...(options.connectionBudget === undefined ? {} : { connectionBudget: options.connectionBudget }),
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(options.queueOrder === undefined ? {} : { queueOrder: options.queueOrder }),
    ...(options.auto === undefined ? {} : { auto: options.auto }),
    ...(options.machine === undefined ? {} : { machine: options.machine }),
    ...(options.timeoutsMs === undefined ? {} : { timeoutsMs: options.timeoutsMs }),
    ...(options.needs === undefined ? {} : { needs: options.needs }),
    ...(options.lastGood === undefined ? {} : { lastGood: options.lastGood }),
    ...(options.staleBefore === undefined ? {} : { staleBefore: options.staleBefore }),
  };
}

/** The options of a run that goes by these terms. */
export function optionsOf(
  { planHash: _h, tasks: _t, selection: _s, ...options }: RunTerms,
  { run, seed }: Pick<RunOptions, 'run' | 'seed'>,
): RunOptions {
  return { run, seed, runChecks: true, ...options };
}
