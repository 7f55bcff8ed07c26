import type { DrainReason, RunFact } from '../model/run-event.ts';
import type { Outcome } from '../model/task-state.ts';
import { type Draft, record } from './draft.ts';

/** Gives a task its outcome; a failure for good may keep anything new from starting. */
export function finishTask(draft: Draft, index: number, outcome: Outcome): void {
  const { spec } = draft.state.plan.tasks[index]!;
  record(draft, { type: 'task.finished', task: spec.id, outcome });
  draft.unsettled.push(index);
  if (draft.state.phase.kind !== 'running' || (outcome.kind !== 'failed' && outcome.kind !== 'timed-out')) return;
  if (draft.state.options.sequential) record(draft, draining({ kind: 'sequential', task: spec.id }));
  else if (spec.critical) record(draft, draining({ kind: 'critical', task: spec.id }));
}

function draining(reason: DrainReason): RunFact {
  return { type: 'run.draining', reason };
}
