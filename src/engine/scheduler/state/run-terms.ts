import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { RunTerms } from '../../model/run/run-event.ts';

/** What the run goes by, as its journal keeps it; `optionsOf` is its inverse. */
export function termsOf(plan: Plan, options: RunOptions, maxParallel: number): RunTerms {
  const { run: _r, seed: _s, runChecks, ...kept } = options;
  return {
    planHash: plan.hash,
    tasks: plan.tasks.length,
    ...(Object.keys(plan.selection).length === 0 ? {} : { selection: plan.selection }),
    ...(runChecks ? {} : { runChecks: false }),
    ...kept,
    maxParallel,
  };
}

/** The options of a run that goes by these terms. */
export function optionsOf(
  { planHash: _h, tasks: _t, selection: _s, ...options }: RunTerms,
  { run, seed }: Pick<RunOptions, 'run' | 'seed'>,
): RunOptions {
  return { run, seed, runChecks: true, ...options };
}
