import type { Outcome } from '../model/task-state.ts';

/** What became of a task, as the end of the sentence "task x …". */
export function outcomeClause({ kind }: Outcome): string {
  switch (kind) {
    case 'succeeded':
      return 'has succeeded';
    case 'failed':
      return 'has failed';
    case 'timed-out':
      return 'has timed out';
    case 'skipped':
      return 'is skipped';
    case 'upstream-failed':
      return 'was given up';
    case 'cancelled':
      return 'is cancelled';
  }
}
