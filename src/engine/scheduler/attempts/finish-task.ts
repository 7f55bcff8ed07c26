import type { DrainReason, RunFact } from '../../model/run/run-event.ts';
import { hasFailed, type Outcome } from '../../model/run/task-state.ts';
import { record, type Transition } from '../transition.ts';
import { stopCondition } from './stop-task.ts';

/**
 * Records the outcome of a task; a final failure of a critical task, or in a sequential run, makes the run drain. That of a
 * task at the end does not: whatever happens, the others at the end run.
 */
export function finishTask(transition: Transition, index: number, outcome: Outcome): void {
  const { spec, end } = transition.state.plan.tasks[index]!;
  stopCondition(transition, index);
  record(transition, { type: 'task.finished', task: spec.id, outcome });
  transition.toPropagate.push(index);
  if (transition.state.phase.kind !== 'running' || !hasFailed(outcome) || end !== undefined) return;
  if (transition.state.options.sequential) record(transition, draining({ kind: 'sequential', task: spec.id }));
  else if (spec.critical) record(transition, draining({ kind: 'critical', task: spec.id }));
}

function draining(reason: DrainReason): RunFact {
  return { type: 'run.draining', reason };
}
