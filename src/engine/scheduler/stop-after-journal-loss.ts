import type { AttemptKey } from '../model/run/messages.ts';
import { endsTheRun } from '../model/run/run-event.ts';
import { finishTask } from './attempts/finish-task.ts';
import { mayRunEnds } from './run-phase.ts';
import { entryIn, record, type Transition } from './transition.ts';

/**
 * A run whose journal can no longer be written starts nothing more, because no later process could know of it. Running
 * tasks may finish. The attempts in `notBegun` were recorded as started but never were: no exit will arrive for them, so
 * their tasks are cancelled here.
 */
export function stopAfterJournalLoss(transition: Transition, notBegun: readonly AttemptKey[]): void {
  const { phase } = transition.state;
  if (phase.kind === 'finished' || phase.kind === 'planned') return;
  if (!(phase.kind === 'draining' && endsTheRun(phase.reason))) {
    record(transition, { type: 'run.draining', reason: { kind: 'journal-lost' } });
  } else if (mayRunEnds(phase) && transition.state.openEnds > 0) {
    record(transition, { type: 'run.draining', reason: { ...phase.reason, withEnds: true } });
  }
  for (const { task, attempt } of notBegun) {
    const index = transition.state.plan.indexOf.get(task)!;
    const { state } = entryIn(transition, index);
    if (state.kind !== 'running' || state.attempt !== attempt) continue;
    finishTask(transition, index, { kind: 'cancelled', reason: journalLost, withRun: true });
  }
}

export const journalLost = 'the journal could not be written';
