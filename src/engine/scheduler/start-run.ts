import { askAllDue } from './ask-checks.ts';
import { type Draft, record } from './draft.ts';
import { finishTask } from './finish-task.ts';

/** Begins the run: what was set aside is done, and every task is looked at once. A second start changes nothing. */
export function startRun(draft: Draft): void {
  const { plan, options, phase, maxParallel } = draft.state;
  if (phase.kind !== 'planned') return;
  record(draft, {
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
  });
  for (const { index, skip } of plan.tasks) {
    if (skip) finishTask(draft, index, { kind: 'skipped' });
    else draft.unsettled.push(index);
  }
  askAllDue(draft);
}
