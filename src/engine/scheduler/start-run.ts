import { finishTask } from './attempts/finish-task.ts';
import { startRunLimit } from './end-run.ts';
import { runAllDue } from './run-checks.ts';
import { termsOf } from './state/run-terms.ts';
import { record, type Transition } from './transition.ts';

/** Starts the run: finishes the tasks that were skipped beforehand and queues all others for `propagate`. A second start changes nothing. */
export function startRun(transition: Transition): void {
  const { plan, options, phase, maxParallel } = transition.state;
  if (phase.kind !== 'planned') return;
  record(transition, {
    type: 'run.started',
    run: options.run,
    pipeline: plan.pipeline.name,
    seed: options.seed,
    ...termsOf(plan, options, maxParallel),
  });
  startRunLimit(transition);
  for (const { index, skip } of plan.tasks) {
    if (skip) finishTask(transition, index, { kind: 'skipped' });
    else transition.toPropagate.push(index);
  }
  runAllDue(transition);
}
