import type { RunState } from '../../../../../src/engine/model/run/run-state.ts';
import type { TaskState } from '../../../../../src/engine/model/run/task-state.ts';
import type { Turn } from '../../../../support/simulate-run.ts';
import { must, type Rule, stateOf } from './rule.ts';
import { checkCounts, checkNoSlotIsIdle } from './state-rules.ts';

export const turnRules: Readonly<Record<string, Rule>> = {
  'what is counted is what is there, and whoever has nothing to wait for does not wait': ({ turns }) => {
    for (const { decision } of turns) if (decision.events.length > 0) checkCounts(decision.state);
  },

  'no ready task idles while there is room for it': ({ turns }) => {
    for (const { decision } of turns) checkNoSlotIsIdle(decision.state);
  },

  'only an exit 0 that nobody asked for, with all its outputs, is a success of its own': ({ turns }) => {
    for (const { before, input, decision } of turns) {
      for (const event of decision.events) {
        if (event.type !== 'task.finished' || event.outcome.kind !== 'succeeded') continue;
        if (event.outcome.cause !== undefined) continue;
        must(input.type === 'exited' && input.task === event.task && input.missingOutput === undefined, input);
        must(input.type === 'exited' && input.exit.kind === 'exited' && input.exit.code === 0, input);
        must(!('stopping' in stateOf(before, event.task)), event);
      }
    }
  },

  'what the world tells of attempts that are over changes nothing': ({ turns }) => {
    for (const turn of turns) if (isStale(turn)) mustChangeNothing(turn);
  },

  'a wish that is refused changes nothing, and one that is granted changes something': ({ turns }) => {
    const wishes = ['pause', 'resume', 'cancel', 'limit', 'retry-task', 'skip-task', 'cancel-task', 'recheck'];
    for (const turn of turns) {
      if (turn.decision.refusal !== undefined) mustChangeNothing(turn);
      else if (wishes.includes(turn.input.type)) must(turn.decision.events.length > 0, turn.input);
    }
  },

  'an attempt that runs out of time is stopped at once': ({ turns }) => {
    for (const turn of turns) {
      const { input, decision } = turn;
      if (input.type !== 'timer-fired' || input.timer.kind !== 'timeout' || isStale(turn)) continue;
      const { task } = input.timer;
      must(
        decision.effects.some((effect) => effect.type === 'terminate-task' && effect.task === task),
        input,
      );
    }
  },
};

function mustChangeNothing({ before, input, decision: { state, events, effects } }: Turn): void {
  must(state === before && events.length === 0 && effects.length === 0, input);
}

function isStale({ before, input }: Turn): boolean {
  const isAt = (task: string, attempt: number, kind: TaskState['kind']) => {
    const state = stateOf(before, task);
    return state.kind === kind && 'attempt' in state && state.attempt === attempt;
  };
  switch (input.type) {
    case 'spawned':
    case 'reported':
    case 'exited':
      return !isAt(input.task, input.attempt, 'running');
    case 'answered':
      return !isAt(input.task, input.attempt, 'asking');
    case 'arrived':
      return stateOf(before, input.task).kind !== 'awaiting';
    case 'timer-fired': {
      if (input.timer.kind === 'check-retry') return !isAwaited(before, input.timer);
      if (input.timer.kind === 'run-limit') return input.timer.since !== before.activeSince;
      if (input.timer.kind === 'awaited') {
        const state = stateOf(before, input.timer.task);
        return state.kind !== 'awaiting' || state.since !== input.timer.since;
      }
      const { kind, task, attempt } = input.timer;
      if (kind === 'retry') return !isAt(task, attempt, 'backing-off');
      return !isAt(task, attempt, 'running') || 'stopping' in stateOf(before, task);
    }
    default:
      return false;
  }
}

function isAwaited({ plan, checks }: RunState, timer: { readonly check: string; readonly attempt: number }): boolean {
  const check = checks[plan.checks.findIndex(({ spec }) => spec.name === timer.check)]!;
  return check.kind === 'backing-off' && check.attempt === timer.attempt;
}
