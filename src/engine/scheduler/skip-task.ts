import { askAllDue } from './ask-checks.ts';
import { withDependants } from './choose-reset.ts';
import { type Draft, entryIn } from './draft.ts';
import { finishTask } from './finish-task.ts';
import { reopen, resetTasks } from './reset-tasks.ts';
import { stopTask } from './stop-task.ts';

/** Goes on without a task: what is downstream of it runs as if it had succeeded. */
export function skipTask(draft: Draft, index: number): string | undefined {
  const { state } = entryIn(draft, index);
  const { id } = draft.state.plan.tasks[index]!.spec;
  switch (state.kind) {
    case 'running':
      if (state.stopping === 'skip') return `task ${id} is being skipped already`;
      stopTask(draft, index, 'skip');
      return undefined;
    case 'succeeded':
      return `task ${id} has succeeded already`;
    case 'skipped':
      return `task ${id} is skipped already`;
    case 'waiting':
    case 'ready':
    case 'backing-off':
      finishTask(draft, index, { kind: 'skipped' });
      return undefined;
    case 'failed':
    case 'timed-out':
    case 'upstream-failed':
    case 'cancelled':
      skipFailed(draft, index);
      return undefined;
  }
}

function skipFailed(draft: Draft, index: number): void {
  const freed = new Set(withDependants(draft.state, [index]));
  freed.delete(index);
  if (freed.size > 0 || draft.state.phase.kind === 'finished') reopen(draft);
  finishTask(draft, index, { kind: 'skipped' });
  resetTasks(draft, freed);
  askAllDue(draft);
}
