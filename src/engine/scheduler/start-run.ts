import { finishTask } from './attempts/finish-task.ts';
import { runAllDue } from './run-checks.ts';
import { record, type Transition } from './transition.ts';

/** Starts the run: finishes the tasks that were skipped beforehand and queues all others for `propagate`. A second start changes nothing. */
export function startRun(transition: Transition): void {
  const { plan, options, phase, maxParallel } = transition.state;
  if (phase.kind !== 'planned') return;
  record(transition, {
    type: 'run.started',
    run: options.run,
    pipeline: plan.pipeline.name,
    planHash: plan.hash,
    seed: options.seed,
    maxParallel,
    sequential: options.sequential,
    tasks: plan.tasks.length,
    ...(Object.keys(plan.selection).length === 0 ? {} : { selection: plan.selection }),
    ...(options.params === undefined ? {} : { params: options.params }),
    ...(options.runChecks ? {} : { runChecks: false }),
    ...(options.connectionBudget === undefined ? {} : { connectionBudget: options.connectionBudget }),
    ...(options.queueOrder === undefined ? {} : { queueOrder: options.queueOrder }),
    ...(options.auto === undefined ? {} : { auto: options.auto }),
    ...(options.machine === undefined ? {} : { machine: options.machine }),
    ...(options.timeoutsMs === undefined ? {} : { timeoutsMs: options.timeoutsMs }),
    ...(options.needs === undefined ? {} : { needs: options.needs }),
    ...(options.lastGood === undefined ? {} : { lastGood: options.lastGood }),
    ...(options.staleBefore === undefined ? {} : { staleBefore: options.staleBefore }),
  });
  for (const { index, skip } of plan.tasks) {
    if (skip) finishTask(transition, index, { kind: 'skipped' });
    else transition.toPropagate.push(index);
  }
  runAllDue(transition);
}
