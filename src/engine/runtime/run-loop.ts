import type { RunEvent } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import type { Effect, Input } from '../model/vocabulary.ts';
import type { Clock, Journal } from '../ports.ts';
import { decide } from '../scheduler/decide.ts';

export type RunListener = (event: RunEvent, state: RunState) => void;

/** A run under way: intents go in, events come out, and nobody else writes its state. */
export type RunLoop = {
  state(): RunState;
  /** Called for every event once it is in the journal. Returns the way to stop that. */
  subscribe(listener: RunListener): () => void;
  /** What happened, or what people want; says why it refuses a wish. */
  take(input: Input): string | undefined;
  /** Resolves at the end of the run; a person may bring it back to work afterwards. */
  readonly finished: Promise<RunState>;
};

export type RunLoopOptions = {
  readonly initial: RunState;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly perform: (effect: Effect, loop: RunLoop) => void;
  /** Asked before a run that is over is brought back to work; returns why that cannot be. */
  readonly beforeReopen?: () => string | undefined;
  /** The journal cannot be written any more. The loop has stopped: from here on nothing is started. */
  readonly onBroken: (error: Error) => void;
};

/**
 * The only loop: input → decide → journal → publish → perform. An effect waits until the events that call for it are on
 * the disk; inputs that arrive meanwhile are decided at once, and their events share the next write.
 */
export function createRunLoop({ initial, clock, journal, perform, beforeReopen, onBroken }: RunLoopOptions): RunLoop {
  const listeners = new Set<RunListener>();
  let state = initial;
  let events: RunEvent[] = [];
  let effects: Effect[] = [];
  let flushing = false;
  let broken = false;
  let finish: (state: RunState) => void;
  const finished = new Promise<RunState>((resolve) => {
    finish = resolve;
  });

  const isKept = async (facts: readonly RunEvent[]): Promise<boolean> => {
    try {
      await journal.append(facts);
      return true;
    } catch (error) {
      broken = true;
      onBroken(error as Error);
      finish(state);
      return false;
    }
  };

  const flush = async () => {
    flushing = true;
    while (events.length > 0 || effects.length > 0) {
      const [facts, wishes] = [events, effects];
      [events, effects] = [[], []];
      if (facts.length > 0 && !(await isKept(facts))) return;
      for (const fact of facts) for (const listener of listeners) listener(fact, state);
      for (const wish of wishes) perform(wish, loop);
    }
    flushing = false;
    if (state.phase.kind === 'finished') finish(state);
  };

  const take = (input: Input): string | undefined => {
    if (broken) return 'the journal cannot be written, so that the run has stopped';
    const decision = decide(state, input, clock.now());
    if (state.phase.kind === 'finished' && decision.events.some(({ type }) => type === 'run.reopened')) {
      const reason = beforeReopen?.();
      if (reason !== undefined) return reason;
    }
    state = decision.state;
    events.push(...decision.events);
    effects.push(...decision.effects);
    if (!flushing) void flush();
    return decision.refusal;
  };

  const loop: RunLoop = {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take,
    finished,
  };
  return loop;
}
