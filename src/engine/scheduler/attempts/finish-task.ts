import type { DrainReason, RunFact } from '../../model/run-event.ts';
import type { Outcome } from '../../model/task-state.ts';
import { record, type Transition } from '../transition.ts';

/** Gives a task its outcome; a failure for good may keep anything new from starting. */
export function finishTask(transition: Transition, index: number, outcome: Outcome): void {
  const { spec } = transition.state.plan.tasks[index]!;
  record(transition, { type: 'task.finished', task: spec.id, outcome });
  transition.toPropagate.push(index);
  if (transition.state.phase.kind !== 'running' || (outcome.kind !== 'failed' && outcome.kind !== 'timed-out')) return;
  if (transition.state.options.sequential) record(transition, draining({ kind: 'sequential', task: spec.id }));
  else if (spec.critical) record(transition, draining({ kind: 'critical', task: spec.id }));
}

function draining(reason: DrainReason): RunFact {
  return { type: 'run.draining', reason };
}
