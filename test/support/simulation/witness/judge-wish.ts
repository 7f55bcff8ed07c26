import type { Intent } from '../../../../src/engine/model/run/messages.ts';
import { endsTheRun } from '../../../../src/engine/model/run/run-event.ts';
import type { RunState } from '../../../../src/engine/model/run/run-state.ts';
import { isOutcome, type TaskState } from '../../../../src/engine/model/run/task-state.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';

/** Whether a wish makes no sense in this state. Of some others it depends on more, and they may be refused as well. */
export function mustBeRefused(state: RunState, intent: Intent): boolean {
  const { phase, paused, options, maxParallel } = state;
  if (phase.kind === 'planned') return true;
  const isOver = phase.kind === 'finished';
  const isCancelling = phase.kind === 'draining' && endsTheRun(phase.reason);
  const isGivenUp = isCancelling && 'withEnds' in phase.reason && phase.reason.withEnds === true;
  switch (intent.type) {
    case 'pause':
      return isOver || paused;
    case 'resume':
      return isOver || !paused;
    case 'cancel':
      return isOver || (isCancelling && (state.openEnds === 0 || isGivenUp));
    case 'limit':
      return isOver || options.sequential || intent.maxParallel < 1 || intent.maxParallel === maxParallel;
    case 'recheck': {
      const check = state.plan.checks.find(({ spec }) => spec.name === intent.check);
      return isCancelling || !options.runChecks || check === undefined || state.checks[check.index]!.kind === 'running';
    }
    case 'retry-task':
    case 'skip-task':
    case 'cancel-task': {
      const index = state.plan.indexOf.get(intent.task);
      return isCancelling || index === undefined || isSenseless(intent.type, entryAt(state.tasks, index).state);
    }
  }
}

function isSenseless(wish: 'retry-task' | 'skip-task' | 'cancel-task', task: TaskState): boolean {
  switch (wish) {
    case 'retry-task':
      return ['running', 'ready', 'waiting', 'awaiting', 'asking'].includes(task.kind);
    case 'skip-task':
      if (task.kind === 'running') return task.stopping === 'skip';
      if (task.kind === 'not-needed') return !task.stops;
      return ['succeeded', 'reused', 'skipped'].includes(task.kind);
    case 'cancel-task':
      if (task.kind === 'running') return task.stopping === 'cancel';
      return isOutcome(task);
  }
}
