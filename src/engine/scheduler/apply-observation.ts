import type { TaskId } from '../model/ids.ts';
import type { TaskState } from '../model/task-state.ts';
import { unreachable } from '../model/unreachable.ts';
import type { Observation, TimerKey } from '../model/vocabulary.ts';
import { askWhenDue } from './ask-checks.ts';
import { type Draft, entryIn, record } from './draft.ts';
import { endAttempt } from './end-attempt.ts';
import { isOpen } from './gates.ts';
import { loseJournal } from './lose-journal.ts';
import { settleGate } from './settle.ts';
import { stopTask } from './stop-task.ts';

/** Takes in what the world tells. Whatever belongs to an attempt that is over is ignored. */
export function applyObservation(draft: Draft, observation: Observation): void {
  switch (observation.type) {
    case 'spawned': {
      const { task, attempt, pid } = observation;
      if (findCurrent(draft, task, attempt, 'running') === undefined) return;
      record(draft, { type: 'task.spawned', task, attempt, pid });
      return;
    }
    case 'reported': {
      const { task, attempt, report } = observation;
      if (findCurrent(draft, task, attempt, 'running') === undefined) return;
      record(draft, { type: 'task.progressed', task, attempt, report });
      return;
    }
    case 'exited': {
      const current = findCurrent(draft, observation.task, observation.attempt, 'running');
      if (current !== undefined) endAttempt(draft, current.index, current.state, observation);
      return;
    }
    case 'timer-fired':
      fireTimer(draft, observation.timer);
      return;
    case 'checked': {
      const { result } = observation;
      const check = draft.state.plan.checks.find(({ spec }) => spec.name === result.check);
      if (check === undefined || draft.state.checks[check.index]!.kind !== 'running') return;
      record(draft, { type: 'check.finished', result });
      const answered = draft.state.checks[check.index]!;
      if (answered.kind === 'done') settleGate(draft, check.index, isOpen(answered));
      else askWhenDue(draft, check.index);
      return;
    }
    case 'journal-lost':
      loseJournal(draft, observation.notBegun);
      return;
    default:
      unreachable(observation);
  }
}

function fireTimer(draft: Draft, { kind, task, attempt }: TimerKey): void {
  switch (kind) {
    case 'timeout': {
      const current = findCurrent(draft, task, attempt, 'running');
      if (current !== undefined && current.state.stopping === undefined) stopTask(draft, current.index, 'timeout');
      return;
    }
    case 'retry':
      if (findCurrent(draft, task, attempt, 'backing-off') === undefined) return;
      record(draft, { type: 'task.ready', task, attempt });
      return;
    default:
      unreachable(kind);
  }
}

type StateOf<Kind extends TaskState['kind']> = Extract<TaskState, { readonly kind: Kind }>;

/** The task, if it is in this state with this very attempt. */
function findCurrent<Kind extends 'running' | 'backing-off'>(
  draft: Draft,
  task: TaskId,
  attempt: number,
  kind: Kind,
): { readonly index: number; readonly state: StateOf<Kind> } | undefined {
  const index = draft.state.plan.indexOf.get(task);
  if (index === undefined) return undefined;
  const { state } = entryIn(draft, index);
  if (state.kind !== kind || state.attempt !== attempt) return undefined;
  return { index, state: state as StateOf<Kind> };
}
