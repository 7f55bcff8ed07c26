import type { TaskId } from '../model/ids.ts';
import type { Observation, TimerKey } from '../model/run/messages.ts';
import type { TaskState } from '../model/run/task-state.ts';
import { unreachable } from '../model/unreachable.ts';
import { endAttempt, endBackOff } from './attempts/end-attempt.ts';
import { stopRunningTasks, stopTask } from './attempts/stop-task.ts';
import { applySample } from './capacity/apply-sample.ts';
import { applyAnswer, endWait, giveUpWaiting } from './conditions/end-condition.ts';
import { endAtLimit } from './end-run.ts';
import { applyHosts } from './placement/apply-hosts.ts';
import { endCheck, retryCheck } from './retry-check.ts';
import { stopAfterJournalLoss } from './stop-after-journal-loss.ts';
import { entryIn, record, type Transition } from './transition.ts';

/** Records an observation and its direct consequences. One that belongs to an earlier attempt is ignored. */
export function applyObservation(transition: Transition, observation: Observation): void {
  switch (observation.type) {
    case 'spawned': {
      const { task, attempt, pid } = observation;
      if (findCurrent(transition, task, attempt, 'running') === undefined) return;
      record(transition, { type: 'task.spawned', task, attempt, pid });
      return;
    }
    case 'reported': {
      const { task, attempt, report } = observation;
      const isCurrent = (kind: 'running' | 'asking') => findCurrent(transition, task, attempt, kind) !== undefined;
      if (!isCurrent('running') && !isCurrent('asking')) return;
      record(transition, { type: 'task.progressed', task, attempt, report });
      return;
    }
    case 'exited': {
      const current = findCurrent(transition, observation.task, observation.attempt, 'running');
      if (current !== undefined) endAttempt(transition, current.index, current.state, observation);
      return;
    }
    case 'answered': {
      const { task, attempt, answer } = observation;
      const current = findCurrent(transition, task, attempt, 'asking');
      if (current !== undefined) applyAnswer(transition, current.index, current.state, answer);
      return;
    }
    case 'arrived': {
      const index = transition.state.plan.indexOf.get(observation.task);
      if (index !== undefined) endWait(transition, index, observation.failure);
      return;
    }
    case 'timer-fired':
      fireTimer(transition, observation.timer);
      return;
    case 'checked': {
      const { result, isTransient } = observation;
      const check = transition.state.plan.checks.find(({ spec }) => spec.name === result.check);
      if (check !== undefined) endCheck(transition, check.index, result, isTransient === true);
      return;
    }
    case 'sampled':
      applySample(transition, observation.sample);
      return;
    case 'hosts':
      applyHosts(transition, observation.hosts);
      return;
    case 'journal-lost':
      stopAfterJournalLoss(transition, observation.notBegun);
      return;
    case 'journal-grace-over':
      stopRunningTasks(transition, 'journal-lost');
      return;
    default:
      unreachable(observation);
  }
}

function fireTimer(transition: Transition, timer: TimerKey): void {
  switch (timer.kind) {
    case 'timeout':
    case 'idle': {
      const current = findCurrent(transition, timer.task, timer.attempt, 'running');
      if (current !== undefined && current.state.stopping === undefined)
        stopTask(transition, current.index, timer.kind);
      return;
    }
    case 'retry': {
      const current = findCurrent(transition, timer.task, timer.attempt, 'backing-off');
      if (current === undefined) return;
      endBackOff(transition, current.index, current.state);
      return;
    }
    case 'awaited': {
      const index = transition.state.plan.indexOf.get(timer.task);
      if (index !== undefined) giveUpWaiting(transition, index, timer.since);
      return;
    }
    case 'check-retry':
      retryCheck(transition, timer.check, timer.attempt);
      return;
    case 'run-limit':
      endAtLimit(transition, timer.since);
      return;
    default:
      unreachable(timer);
  }
}

type StateOf<Kind extends TaskState['kind']> = Extract<TaskState, { readonly kind: Kind }>;

/** The task, if it is in this state with exactly this attempt. */
function findCurrent<Kind extends 'asking' | 'running' | 'backing-off'>(
  transition: Transition,
  task: TaskId,
  attempt: number,
  kind: Kind,
): { readonly index: number; readonly state: StateOf<Kind> } | undefined {
  const index = transition.state.plan.indexOf.get(task);
  if (index === undefined) return undefined;
  const { state } = entryIn(transition, index);
  if (state.kind !== kind || state.attempt !== attempt) return undefined;
  return { index, state: state as StateOf<Kind> };
}
