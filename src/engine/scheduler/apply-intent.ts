import type { RunState } from '../model/run-state.ts';
import { unreachable } from '../model/unreachable.ts';
import type { Intent } from '../model/vocabulary.ts';
import { cancelTask } from './cancel-task.ts';
import { type Draft, entryIn, record } from './draft.ts';
import { retryTask } from './retry-task.ts';
import { skipTask } from './skip-task.ts';
import { stopTask } from './stop-task.ts';

/** Does what a person wants, or says why not. */
export function applyIntent(draft: Draft, intent: Intent): string | undefined {
  const { phase } = draft.state;
  if (phase.kind === 'planned') return 'the run has not started yet';
  switch (intent.type) {
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'limit':
      return steer(draft, intent);
    case 'retry-task':
    case 'skip-task':
    case 'cancel-task': {
      const index = draft.state.plan.indexOf.get(intent.task);
      if (index === undefined) return `the run has no task ${intent.task}`;
      if (isBeingCancelled(draft.state)) return 'the run is being cancelled; wait until it is over';
      if (intent.type === 'retry-task') return retryTask(draft, index, intent.downstream);
      return intent.type === 'skip-task' ? skipTask(draft, index) : cancelTask(draft, index);
    }
    default:
      return unreachable(intent);
  }
}

type Steering = Extract<Intent, { readonly type: 'pause' | 'resume' | 'cancel' | 'limit' }>;

function steer(draft: Draft, intent: Steering): string | undefined {
  const refusal = refuseToSteer(draft.state, intent);
  if (refusal !== undefined) return refusal;
  switch (intent.type) {
    case 'pause':
      record(draft, { type: 'run.paused' });
      return undefined;
    case 'resume':
      record(draft, { type: 'run.resumed' });
      return undefined;
    case 'limit':
      record(draft, { type: 'run.limited', maxParallel: intent.maxParallel });
      return undefined;
    case 'cancel':
      cancelRun(draft);
      return undefined;
    default:
      return unreachable(intent);
  }
}

function refuseToSteer(state: RunState, intent: Steering): string | undefined {
  if (state.phase.kind === 'finished') return 'the run is over';
  switch (intent.type) {
    case 'pause':
      return state.paused ? 'the run is paused already' : undefined;
    case 'resume':
      return state.paused ? undefined : 'the run is not paused';
    case 'cancel':
      return isBeingCancelled(state) ? 'the run is being cancelled already' : undefined;
    case 'limit':
      if (state.options.sequential) return 'a sequential run has one slot';
      if (!Number.isInteger(intent.maxParallel) || intent.maxParallel < 1) return 'a run needs at least 1 slot';
      if (intent.maxParallel !== state.maxParallel) return undefined;
      return `the run has ${state.maxParallel} ${state.maxParallel === 1 ? 'slot' : 'slots'} already`;
    default:
      return unreachable(intent);
  }
}

/** What runs is ended; the rest gets its outcome when the consequences are drawn. */
function cancelRun(draft: Draft): void {
  record(draft, { type: 'run.draining', reason: { kind: 'cancelled' } });
  for (const { index } of draft.state.plan.tasks) {
    const { state } = entryIn(draft, index);
    // One that is ended to be skipped was a person's wish as well.
    if (state.kind === 'running' && state.stopping !== 'skip') stopTask(draft, index, 'cancel');
  }
}

function isBeingCancelled({ phase }: RunState): boolean {
  return phase.kind === 'draining' && phase.reason.kind === 'cancelled';
}
