import type { EpochMs } from '../model/ids.ts';
import type { Effect, Input, Observation } from '../model/run/messages.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { decide } from '../scheduler/decide.ts';
import type { Forecast } from './forecast.ts';
import { createObserver, type SimulatedRun } from './observe-run.ts';
import { rateOf, slowdownOf, type Work } from './shared-cores.ts';

/** A simulation that can be carried out in parts, so that a long one does not stop everything else. */
export type Simulation = {
  /** Plays at most so many inputs; returns whether the run is over or cannot go on. */
  advance(inputs: number): boolean;
  /** What has come of it so far. */
  result(): SimulatedRun;
};

/** Called for every event of a simulated run, with the state after the decision that it belongs to. */
type Listener = (event: RunEvent, state: RunState) => void;

/** Plays a run to its end at once; see `createSimulation`. */
export function simulateRun(state: RunState, forecast: Forecast, now: EpochMs, onEvent?: Listener): SimulatedRun {
  const simulation = createSimulation(state, forecast, now, onEvent);
  simulation.advance(Number.POSITIVE_INFINITY);
  return simulation.result();
}

/** Something that is going to happen at a known time. */
type Due = { readonly at: number; readonly input: Observation };

/**
 * Plays the rest of a run with the real scheduler on a clock of its own: from the beginning, or from the middle. Every
 * attempt takes as long as `forecast` says, longer where the cores do not suffice for all that run, and succeeds; every
 * check passes; every task is needed, and what it waits for is there; nobody interferes. The same arguments give the same
 * result.
 */
export function createSimulation(
  from: RunState,
  forecast: Forecast,
  now: EpochMs,
  onEvent: Listener = () => {},
): Simulation {
  const observer = createObserver(from, forecast, now);
  const running: Work[] = [];
  const due: Due[] = [];
  let state = from;
  let at: number = now;
  let slowdown = 1;
  let isOver = false;

  const take = (input: Input) => {
    const decision = decide(state, input, at as EpochMs);
    state = decision.state;
    for (const event of decision.events) {
      observer.onEvent(event);
      onEvent(event, state);
    }
    for (const effect of decision.effects) perform(effect);
    slowdown = slowdownOf(running, forecast.cores, slowdown);
  };

  const perform = (effect: Effect) => {
    switch (effect.type) {
      case 'start-task': {
        const index = state.plan.indexOf.get(effect.task)!;
        running.push({ index, cpu: forecast.cpu[index]!, leftMs: forecast.taskMs[index]! });
        return;
      }
      case 'run-check': {
        const check = state.plan.checks.find(({ spec }) => spec.name === effect.check)!;
        const durationMs = forecast.checkMs[check.index]!;
        const result = { check: effect.check, verdict: 'pass', summary: '', measured: {}, durationMs } as const;
        insert(due, { at: at + durationMs, input: { type: 'checked', result } });
        return;
      }
      case 'set-timer':
        // An attempt that takes as long as usual keeps its time limit.
        if (effect.timer.kind === 'retry') {
          insert(due, { at: effect.at, input: { type: 'timer-fired', timer: effect.timer } });
        }
        return;
      case 'ask-condition': {
        const { task, attempt } = effect;
        insert(due, { at, input: { type: 'answered', task, attempt, answer: { kind: 'needed' } } });
        return;
      }
      case 'await-condition':
        insert(due, { at, input: { type: 'arrived', task: effect.task } });
        return;
      case 'stop-condition':
        return;
      case 'terminate-task': {
        const index = state.plan.indexOf.get(effect.task)!;
        for (const work of running) if (work.index === index) work.leftMs = 0;
        return;
      }
    }
  };

  const pass = (ms: number) => {
    at += ms;
    for (const work of running) work.leftMs = Math.max(0, work.leftMs - ms * rateOf(work, slowdown));
  };

  /** What happens next, at its time; undefined when nothing will. */
  const next = (): Observation | undefined => {
    let [place, endsIn] = [-1, Number.POSITIVE_INFINITY];
    for (const [other, work] of running.entries()) {
      const leftMs = work.leftMs / rateOf(work, slowdown);
      if (leftMs < endsIn) [place, endsIn] = [other, leftMs];
    }
    const [first] = due;
    if (first !== undefined && first.at - at <= endsIn) {
      due.shift();
      pass(Math.max(0, first.at - at));
      return first.input;
    }
    const ended = running[place];
    if (ended === undefined) return undefined;
    pass(endsIn);
    running.splice(place, 1);
    return exitOf(state, ended.index);
  };

  const begin = () => {
    if (state.phase.kind === 'planned') return take({ type: 'start' });
    for (const work of workUnderWay(state, forecast, now)) running.push(work);
    for (const one of dueUnderWay(state, forecast, now)) insert(due, one);
    slowdown = slowdownOf(running, forecast.cores, slowdown);
  };
  begin();

  return {
    advance: (inputs) => {
      for (let count = 0; count < inputs && !isOver; count += 1) {
        const input = state.phase.kind === 'finished' ? undefined : next();
        if (input === undefined) isOver = true;
        else take(input);
      }
      return isOver;
    },
    result: () => observer.result(state, at as EpochMs),
  };
}

/** An attempt that is being stopped ends at once, and as one that was stopped. */
function exitOf(state: RunState, index: number): Observation {
  const { spec } = state.plan.tasks[index]!;
  const task = entryAt(state.tasks, index).state;
  if (task.kind !== 'running') throw new Error(`${spec.id} ends without running`);
  const exit =
    task.stopping === undefined
      ? ({ kind: 'exited', code: 0 } as const)
      : ({ kind: 'signalled', signal: 'SIGTERM' } as const);
  return { type: 'exited', task: spec.id, attempt: task.attempt, exit, lastOutput: '' };
}

function workUnderWay({ plan, tasks }: RunState, forecast: Forecast, now: EpochMs): readonly Work[] {
  return plan.tasks.flatMap(({ index }) => {
    const { state } = entryAt(tasks, index);
    if (state.kind !== 'running') return [];
    const leftMs = state.stopping === undefined ? forecast.remainingMs(index, now - state.startedAt) : 0;
    return [{ index, cpu: forecast.cpu[index]!, leftMs }];
  });
}

function dueUnderWay({ plan, tasks, checks }: RunState, forecast: Forecast, now: EpochMs): readonly Due[] {
  const retries = plan.tasks.flatMap(({ index, spec }): Due[] => {
    const { state } = entryAt(tasks, index);
    if (state.kind === 'awaiting') return [{ at: now, input: { type: 'arrived', task: spec.id } }];
    if (state.kind === 'asking') {
      const { attempt } = state;
      return [{ at: now, input: { type: 'answered', task: spec.id, attempt, answer: { kind: 'needed' } } }];
    }
    if (state.kind !== 'backing-off') return [];
    const timer = { kind: 'retry', task: spec.id, attempt: state.attempt } as const;
    return [{ at: Math.max(now, state.retryAt), input: { type: 'timer-fired', timer } }];
  });
  const answers = plan.checks.flatMap(({ index, spec }): Due[] => {
    const check = checks[index]!;
    if (check.kind === 'backing-off') {
      const timer = { kind: 'check-retry', check: spec.name, attempt: check.attempt } as const;
      return [{ at: Math.max(now, check.retryAt), input: { type: 'timer-fired', timer } }];
    }
    if (check.kind !== 'running') return [];
    const durationMs = forecast.checkMs[index]!;
    const result = { check: spec.name, verdict: 'pass', summary: '', measured: {}, durationMs } as const;
    return [{ at: now + durationMs, input: { type: 'checked', result } }];
  });
  return [...retries, ...answers];
}

/** Keeps the order of time, and of equals the order in which they came. */
function insert(due: Due[], one: Due): void {
  const place = due.findIndex((other) => other.at > one.at);
  due.splice(place < 0 ? due.length : place, 0, one);
}
