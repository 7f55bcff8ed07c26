import type { EpochMs } from '../model/ids.ts';
import type { Effect, Input } from '../model/messages.ts';
import type { RunEvent } from '../model/run-event.ts';
import type { RunState } from '../model/run-state.ts';
import type { Clock, Journal } from '../ports.ts';
import { decide } from '../scheduler/decide.ts';

export type RunListener = (event: RunEvent, state: RunState) => void;

/** A run under way: intents go in, events come out, and nobody else writes its state. */
export type RunLoop = {
  state(): RunState;
  /** Called for every event once it is in the journal. Returns the way to stop that. */
  subscribe(listener: RunListener): () => void;
  /** What happened, or what people want; says why it refuses a wish. */
  dispatch(input: Input): string | undefined;
  /** Resolves at the end of the run; a person may bring it back to work afterwards. */
  readonly finished: Promise<RunState>;
  /** Whether the journal is lost: then what the run has come to is not all on the disk. */
  isBroken(): boolean;
};

export type RunLoopOptions = {
  readonly initial: RunState;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly perform: (effect: Effect, loop: RunLoop) => void;
  /** Asked before a run that is over is brought back to work; returns why that cannot be. */
  readonly beforeReopen?: () => string | undefined;
  /** The journal cannot be written any more; the run goes to its end without it, and starts nothing. */
  readonly onBroken: (error: Error) => void;
};

/** So long may tasks that run when the journal is lost go on, before they are asked to end. */
const finishingMs = 5_000;

/**
 * The only loop: input → decide → journal → publish → perform. An effect waits until the events that call for it are on
 * the disk; inputs that arrive meanwhile are decided at once, and their events share the next write.
 * When the journal is lost, the run drains: what runs may end by itself, then it is asked to, and the end of the run is
 * told like any other. What happens meanwhile is published, but kept nowhere.
 */
export function createRunLoop({ initial, clock, journal, perform, beforeReopen, onBroken }: RunLoopOptions): RunLoop {
  const listeners = new Set<RunListener>();
  let state = initial;
  let events: RunEvent[] = [];
  let effects: Effect[] = [];
  let flushing = false;
  let broken = false;
  let finishing: { cancel(): void } | undefined;
  let finish: (state: RunState) => void;
  const finished = new Promise<RunState>((resolve) => {
    finish = resolve;
  });

  /** Why the events are not on the disk; undefined when they are. */
  const keep = async (facts: readonly RunEvent[]): Promise<Error | undefined> => {
    try {
      await journal.append(facts);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };

  /** Of what follows from events that are lost nothing is begun; returns what is done all the same. */
  const loseJournal = (error: Error, wishes: readonly Effect[]): readonly Effect[] => {
    broken = true;
    onBroken(error);
    const lost = [...wishes, ...effects];
    effects = [];
    decideOn({ type: 'journal-lost', notBegun: lost.filter((effect) => effect.type === 'start-task') });
    finishing = clock.setTimer((clock.now() + finishingMs) as EpochMs, () => void dispatch({ type: 'cancel' }));
    return lost.filter((effect) => effect.type === 'terminate-task');
  };

  const flush = async () => {
    flushing = true;
    while (events.length > 0 || effects.length > 0) {
      const facts = events;
      let wishes: readonly Effect[] = effects;
      [events, effects] = [[], []];
      const error = broken || facts.length === 0 ? undefined : await keep(facts);
      if (error !== undefined) wishes = loseJournal(error, wishes);
      for (const fact of facts) for (const listener of listeners) listener(fact, state);
      for (const wish of wishes) perform(wish, loop);
    }
    flushing = false;
    if (state.phase.kind !== 'finished') return;
    finishing?.cancel();
    finish(state);
  };

  const decideOn = (input: Input): string | undefined => {
    const decision = decide(state, input, clock.now());
    if (state.phase.kind === 'finished' && decision.events.some(({ type }) => type === 'run.reopened')) {
      const reason = beforeReopen?.();
      if (reason !== undefined) return reason;
    }
    state = decision.state;
    events.push(...decision.events);
    effects.push(...decision.effects);
    return decision.refusal;
  };

  const dispatch = (input: Input): string | undefined => {
    if (broken && isRefusedWithoutJournal(input)) return 'the journal cannot be written, so that the run is ending';
    const refusal = decideOn(input);
    if (!flushing) void flush();
    return refusal;
  };

  const loop: RunLoop = {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch: dispatch,
    finished,
    isBroken: () => broken,
  };
  return loop;
}

/** What only ends things is welcome still. */
function isRefusedWithoutJournal({ type }: Input): boolean {
  switch (type) {
    case 'start':
    case 'pause':
    case 'resume':
    case 'limit':
    case 'retry-task':
    case 'skip-task':
      return true;
    case 'cancel':
    case 'cancel-task':
    case 'spawned':
    case 'reported':
    case 'exited':
    case 'timer-fired':
    case 'checked':
    case 'journal-lost':
      return false;
  }
}
