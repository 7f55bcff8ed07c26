import type { EpochMs } from '../model/ids.ts';
import type { Effect, Input } from '../model/run/messages.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import type { Clock, Journal } from '../ports.ts';
import { decide } from '../scheduler/decide.ts';

export type RunListener = (event: RunEvent, state: RunState) => void;

/** A run under way: inputs go in, events come out. Nothing else changes its state. */
export type RunLoop = {
  state(): RunState;
  /** Called for every event once it is in the journal. Returns a function that ends the subscription. */
  subscribe(listener: RunListener): () => void;
  /** An observation or an intent; returns the reason when an intent is refused. */
  dispatch(input: Input): string | undefined;
  /** Resolves at the end of the run; an intent may reopen it afterwards. */
  readonly finished: Promise<RunState>;
  /** Whether the journal is lost: then the disk does not hold all events of the run. */
  isBroken(): boolean;
  /** Whether another process carries out the run: nothing happens here any more, and `state` is not that of the run. */
  isFenced(): boolean;
};

export type RunLoopOptions = {
  readonly initial: RunState;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly perform: (effect: Effect, loop: RunLoop) => void;
  /** Called before a run that is over is reopened; returns the reason when that is refused. */
  readonly beforeReopen?: () => string | undefined;
  /** The journal cannot be written any more; the run goes to its end without it, and starts nothing. */
  readonly onBroken: (error: Error) => void;
};

/** How long running tasks may go on after the journal is lost, before they are cancelled. */
const finishingMs = 5_000;

/**
 * The only loop: input → decide → journal → publish → perform. An effect waits until the events that call for it are on
 * the disk; inputs that arrive meanwhile are decided at once, and their events share the next write.
 * Events from which nothing follows are written without waiting for the disk.
 * When another process has taken the run over, this loop stops where it is.
 * When the journal is lost, the run drains: running tasks may end by themselves, then they are cancelled, and the run ends
 * as any other. Its events are published, but stored nowhere.
 */
export function createRunLoop({ initial, clock, journal, perform, beforeReopen, onBroken }: RunLoopOptions): RunLoop {
  const listeners = new Set<RunListener>();
  let state = initial;
  let events: RunEvent[] = [];
  let effects: Effect[] = [];
  let flushing = false;
  let broken = false;
  let fenced = false;
  let finishing: { cancel(): void } | undefined;
  let finish: (state: RunState) => void;
  const finished = new Promise<RunState>((resolve) => {
    finish = resolve;
  });

  /** Returns why the events are not on the disk; undefined when they are. */
  const store = async (facts: readonly RunEvent[]): Promise<Error | undefined> => {
    try {
      await journal.append(facts);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };

  /** Nothing is started that follows from lost events; returns the effects that are performed all the same. */
  const loseJournal = (error: Error, pending: readonly Effect[]): readonly Effect[] => {
    broken = true;
    onBroken(error);
    const lost = [...pending, ...effects];
    effects = [];
    decideOn({ type: 'journal-lost', notBegun: lost.filter((effect) => effect.type === 'start-task') });
    finishing = clock.setTimer(
      (clock.now() + finishingMs) as EpochMs,
      () => void dispatch({ type: 'journal-grace-over' }),
    );
    return lost.filter(({ type }) => type === 'terminate-task' || type === 'stop-condition');
  };

  /** Nothing of this has happened, and what runs is not ours to end. */
  const leave = () => {
    fenced = true;
    [events, effects] = [[], []];
  };

  const flush = async () => {
    flushing = true;
    while (events.length > 0 || effects.length > 0) {
      const facts = events;
      let pending: readonly Effect[] = effects;
      [events, effects] = [[], []];
      if (pending.length === 0 && facts.every(isInformation)) {
        if (!broken) journal.record(facts);
      } else {
        const error = broken || facts.length === 0 ? undefined : await store(facts);
        if (error !== undefined && journal.isFenced?.()) return leave();
        if (error !== undefined) pending = loseJournal(error, pending);
      }
      for (const fact of facts) for (const listener of listeners) listener(fact, state);
      for (const effect of pending) perform(effect, loop);
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
    if (fenced) return 'another process carries out this run';
    if (broken && isRefusedWithoutJournal(input)) return 'the journal cannot be written, so the run ends';
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
    dispatch,
    finished,
    isBroken: () => broken,
    isFenced: () => fenced,
  };
  return loop;
}

/** Nothing depends on these: waiting for the disk would only delay what comes next. */
function isInformation({ type }: RunEvent): boolean {
  return type === 'task.spawned' || type === 'task.progressed';
}

/** What only ends things is still accepted. */
function isRefusedWithoutJournal({ type }: Input): boolean {
  switch (type) {
    case 'start':
    case 'continue':
    case 'pause':
    case 'resume':
    case 'limit':
    case 'retry-task':
    case 'skip-task':
    case 'recheck':
      return true;
    case 'cancel':
    case 'cancel-task':
    case 'spawned':
    case 'reported':
    case 'exited':
    case 'answered':
    case 'arrived':
    case 'timer-fired':
    case 'checked':
    case 'sampled':
    case 'hosts':
    case 'journal-lost':
    case 'journal-grace-over':
      return false;
  }
}
