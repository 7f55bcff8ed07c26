import type { MaxFailures } from '../../model/pipeline/matrix.ts';
import type { DrainReason, EndOfAttempt, RunFact } from '../../model/run/run-event.ts';
import { hasFailed, isOutcome, type Outcome } from '../../model/run/task-state.ts';
import { entryIn, record, type Transition } from '../transition.ts';
import { stopCondition } from './stop-task.ts';

/**
 * Records the outcome of a task; a final failure of a critical task, or in a sequential run, makes the run drain. That of a
 * task at the end does not: whatever happens, the others at the end run.
 */
export function finishTask(transition: Transition, index: number, outcome: Outcome, when: EndOfAttempt = {}): void {
  const { spec, end } = transition.state.plan.tasks[index]!;
  stopCondition(transition, index);
  record(transition, { type: 'task.finished', task: spec.id, outcome, ...when });
  transition.toPropagate.push(index);
  if (transition.state.phase.kind !== 'running' || !hasFailed(outcome) || end !== undefined) return;
  cancelAfterFailures(transition, index);
  if (transition.state.options.sequential) record(transition, draining({ kind: 'sequential', task: spec.id }));
  else if (spec.critical) record(transition, draining({ kind: 'critical', task: spec.id }));
}

function draining(reason: DrainReason): RunFact {
  return { type: 'run.draining', reason };
}

/**
 * When more instances of a task have failed than its matrix allows, those that have not begun are cancelled. What runs, or
 * waits for a retry, goes on; so does what runs at the end of the run.
 */
function cancelAfterFailures(transition: Transition, index: number): void {
  const { plan } = transition.state;
  const of = plan.tasks[index]!.spec.instance?.of;
  const limit = plan.pipeline.families?.find(({ id }) => id === of)?.maxFailures;
  if (of === undefined || limit === undefined) return;
  const instances = plan.families.get(of)!;
  const failures = instances.filter((one) => hasFailed(entryIn(transition, one).state)).length;
  if (failures <= ('count' in limit ? limit.count : limit.share * instances.length)) return;
  const reason = `more than ${formatFailureLimit(limit)} of ${of} failed`;
  for (const one of instances) {
    const { state, attempts } = entryIn(transition, one);
    const isEnd = plan.tasks[one]!.end !== undefined;
    if (isEnd || attempts > 0 || isOutcome(state) || state.kind === 'running') continue;
    finishTask(transition, one, { kind: 'cancelled', reason, withRun: false });
  }
}

function formatFailureLimit(limit: MaxFailures): string {
  if ('share' in limit) return `${Math.round(limit.share * 100)}% of the instances`;
  return limit.count === 1 ? '1 instance' : `${limit.count} instances`;
}
