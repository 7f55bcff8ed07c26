import type { AttemptKey } from '../model/vocabulary.ts';
import { type Draft, entryIn, record } from './draft.ts';
import { finishTask } from './finish-task.ts';

/**
 * A run whose journal is lost starts nothing more: nobody would know of it. What runs may finish; what was only about to
 * start has not begun, and no exit will come of it.
 */
export function loseJournal(draft: Draft, notBegun: readonly AttemptKey[]): void {
  const { phase } = draft.state;
  if (phase.kind === 'finished' || phase.kind === 'planned') return;
  if (!(phase.kind === 'draining' && phase.reason.kind === 'cancelled')) {
    record(draft, { type: 'run.draining', reason: { kind: 'journal-lost' } });
  }
  for (const { task, attempt } of notBegun) {
    const index = draft.state.plan.indexOf.get(task)!;
    const { state } = entryIn(draft, index);
    if (state.kind !== 'running' || state.attempt !== attempt) continue;
    finishTask(draft, index, { kind: 'cancelled', reason: journalLost, withRun: true });
  }
}

export const journalLost = 'the journal could not be written any more';
