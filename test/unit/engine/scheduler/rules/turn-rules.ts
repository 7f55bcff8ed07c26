import { nextIndex } from '../../../../../src/engine/model/run/index-set.ts';
import type { RunState } from '../../../../../src/engine/model/run/run-state.ts';
import { isOutcome, type TaskState } from '../../../../../src/engine/model/run/task-state.ts';
import { entryAt } from '../../../../../src/engine/model/run/task-table.ts';
import type { Turn } from '../../../../support/simulate-run.ts';
import { isDone, must, type Rule, stateOf, statesOf, verdictOf } from './rule.ts';

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
    case 'timer-fired': {
      if (input.timer.kind === 'check-retry') return !isAwaited(before, input.timer);
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

function checkCounts(state: RunState): void {
  const all = statesOf(state);
  const count = (kind: TaskState['kind']) => all.filter((one) => one.kind === kind).length;
  const running = state.plan.tasks.filter(({ index }) => all[index]!.kind === 'running');
  must(state.running === running.length, 'running');
  must(state.backingOff === count('backing-off'), 'backing off');
  must(state.open === all.filter((one) => !isOutcome(one)).length, 'open');
  must(state.ready.size === count('ready'), 'ready');
  must(state.askingChecks === state.checks.filter(({ kind }) => kind === 'running').length, 'checks');
  must(state.connectionUse === running.reduce((sum, { spec }) => sum + spec.connections, 0), 'connections');
  for (const pool of state.plan.pipeline.pools.keys()) {
    const holders = running.filter(({ spec }) => spec.pools.includes(pool));
    must((state.poolUse.get(pool) ?? 0) === holders.length, pool);
  }
  if (state.capacity !== undefined) must(state.reserved.size === running.length, 'reserved');
  for (const kind of ['ready', 'running'] as const) {
    const alone = state.plan.tasks.filter(
      ({ index }) => all[index]!.kind === kind && entryAt(state.tasks, index).alone,
    );
    must((kind === 'ready' ? state.readyAlone : state.runningAlone) === alone.length, `alone and ${kind}`);
  }
  for (const { index, upstream } of state.plan.tasks) {
    const task = all[index]!;
    const place = state.queuePlace[index]!;
    must((nextIndex(state.ready, place) === place) === (task.kind === 'ready'), 'queue');
    if (task.kind !== 'waiting') continue;
    const gates = state.options.runChecks ? state.plan.checks.filter((check) => check.gates.includes(index)) : [];
    const closed = gates.filter((gate) => verdictOf(state.checks[gate.index]!) !== 'open').length;
    must(task.unmet === upstream.filter((other) => !isDone(all[other]!)).length + closed, { index, task });
    must(task.unmet > 0, { index, task });
  }
}

function checkNoSlotIsIdle(state: RunState): void {
  const { plan, options, poolUse, connectionUse, phase } = state;
  if (phase.kind !== 'running' || state.paused || state.running >= state.maxParallel) return;
  const gateIsAsked = plan.checks.some(
    (check) => check.gates.length > 0 && ['running', 'backing-off'].includes(state.checks[check.index]!.kind),
  );
  if (options.sequential && (state.backingOff > 0 || gateIsAsked)) return;
  // Whatever the machine is like, something runs.
  const isFull = state.capacity !== undefined || state.readyAlone + state.runningAlone > 0 || isSteppedDown(state);
  if (isFull && state.running > 0) return;
  const all = statesOf(state);
  const budget = state.capacity?.connections ?? options.connectionBudget ?? Number.POSITIVE_INFINITY;
  const left = budget - connectionUse;
  const asking = state.checks.filter(({ kind }) => kind === 'running').length;
  const held = Math.min(asking, 4, Math.max(1, left));
  let someoneLacksConnections = false;
  for (const index of state.queueOrder) {
    const { spec } = plan.tasks[index]!;
    if (all[index]!.kind !== 'ready') continue;
    // It waits for the one that is to run alone, which may wait for the sessions of checks.
    if (state.readyAlone > 0 && entryAt(state.tasks, index).alone !== true) continue;
    if (spec.pools.some((pool) => (poolUse.get(pool) ?? 0) >= plan.pipeline.pools.get(pool)!)) continue;
    const lacks = spec.connections > left - held && connectionUse + held > 0;
    must(spec.connections > 0 && (lacks || someoneLacksConnections), { idles: spec.id });
    someoneLacksConnections ||= lacks;
  }
}

function isSteppedDown({ overload, running }: RunState): boolean {
  return running >= (overload.maxParallel ?? Number.POSITIVE_INFINITY);
}
