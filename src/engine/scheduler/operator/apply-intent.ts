import type { Intent } from '../../model/run/messages.ts';
import { type DrainReason, endsTheRun } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { unreachable } from '../../model/unreachable.ts';
import { endRun } from '../end-run.ts';
import { mayRunEnds } from '../run-phase.ts';
import { record, type Transition } from '../transition.ts';
import { cancelTask } from './cancel-task.ts';
import { rerunCheck } from './rerun-check.ts';
import { rerunTask } from './rerun-task.ts';
import { skipTask } from './skip-task.ts';

/** Carries out a command of the operator; returns a message when it is refused, and then changes nothing. */
export function applyIntent(transition: Transition, intent: Intent): string | undefined {
  const { phase } = transition.state;
  if (phase.kind === 'planned') return 'the run has not started yet';
  switch (intent.type) {
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'limit':
      return applyRunIntent(transition, intent);
    case 'retry-task':
    case 'skip-task':
    case 'cancel-task': {
      const index = transition.state.plan.indexOf.get(intent.task);
      if (index === undefined) return `the run has no task ${intent.task}`;
      const ending = whyEnding(transition.state);
      if (ending !== undefined) return `${ending}; wait until it ends`;
      if (intent.type === 'retry-task') return rerunTask(transition, index, intent.downstream);
      return intent.type === 'skip-task' ? skipTask(transition, index) : cancelTask(transition, index);
    }
    case 'recheck': {
      const check = transition.state.plan.checks.find(({ spec }) => spec.name === intent.check);
      if (check === undefined) return `the run has no check ${intent.check}`;
      const ending = whyEnding(transition.state);
      if (ending !== undefined) return `${ending}; wait until it ends`;
      return rerunCheck(transition, check.index);
    }
    default:
      return unreachable(intent);
  }
}

type RunIntent = Extract<Intent, { readonly type: 'pause' | 'resume' | 'cancel' | 'limit' }>;

function applyRunIntent(transition: Transition, intent: RunIntent): string | undefined {
  const refusal = refuseRunIntent(transition.state, intent);
  if (refusal !== undefined) return refusal;
  switch (intent.type) {
    case 'pause':
      record(transition, { type: 'run.paused' });
      return undefined;
    case 'resume':
      record(transition, { type: 'run.resumed' });
      return undefined;
    case 'limit':
      record(transition, { type: 'run.limited', maxParallel: intent.maxParallel });
      return undefined;
    case 'cancel':
      endRun(transition, reasonToCancel(transition.state));
      return undefined;
    default:
      return unreachable(intent);
  }
}

function refuseRunIntent(state: RunState, intent: RunIntent): string | undefined {
  if (state.phase.kind === 'finished') return 'the run is over';
  switch (intent.type) {
    case 'pause':
      return state.paused ? 'the run is already paused' : undefined;
    case 'resume':
      return state.paused ? undefined : 'the run is not paused';
    case 'cancel':
      if (canGiveUpEnds(state)) return undefined;
      return isBeingCancelled(state) ? 'the run is already being cancelled' : whyEnding(state);
    case 'limit':
      if (state.options.sequential) return 'a sequential run has one slot';
      if (!Number.isInteger(intent.maxParallel) || intent.maxParallel < 1) return 'a run needs at least 1 slot';
      if (intent.maxParallel !== state.maxParallel) return undefined;
      return `the run already has ${state.maxParallel} ${state.maxParallel === 1 ? 'slot' : 'slots'}`;
    default:
      return unreachable(intent);
  }
}

/** Why what runs is being terminated; undefined as long as it is not. */
function whyEnding(state: RunState): string | undefined {
  const { phase } = state;
  if (phase.kind !== 'draining' || !endsTheRun(phase.reason)) return undefined;
  return isBeingCancelled(state) ? 'the run is being cancelled' : 'the run has reached its time limit';
}

/** A run that is ended already gives up what runs at its end; without a journal nothing may start any more. */
function reasonToCancel({ phase }: RunState): DrainReason {
  if (phase.kind !== 'draining') return { kind: 'cancelled' };
  if (endsTheRun(phase.reason)) return { ...phase.reason, withEnds: true };
  return phase.reason.kind === 'journal-lost' ? { kind: 'cancelled', withEnds: true } : { kind: 'cancelled' };
}

function canGiveUpEnds({ phase, openEnds }: RunState): boolean {
  return openEnds > 0 && phase.kind === 'draining' && endsTheRun(phase.reason) && mayRunEnds(phase);
}

function isBeingCancelled({ phase }: RunState): boolean {
  return phase.kind === 'draining' && phase.reason.kind === 'cancelled';
}
