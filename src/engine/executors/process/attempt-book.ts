import { type AttemptRef, formatAttemptRef } from '../../model/ids.ts';
import type { AttemptObserver, RunningAttempt } from '../../ports.ts';
import { exitedAttempt } from './exited-attempt.ts';

/** The attempts that an executor has started: each once, however often that is asked for. */
export type AttemptBook<Attempt extends RunningAttempt> = {
  /** By `formatAttemptRef`. */
  readonly running: ReadonlyMap<string, Attempt>;
  /** Whether it was started here, also when it is over. */
  isKnown(key: string): boolean;
  /** @param begin is called the first time; may return nothing when it has told the exit */
  start(
    ref: AttemptRef,
    observer: AttemptObserver,
    begin: (observer: AttemptObserver) => Attempt | undefined,
  ): RunningAttempt;
};

export function createAttemptBook<Attempt extends RunningAttempt = RunningAttempt>(): AttemptBook<Attempt> {
  const running = new Map<string, Attempt>();
  const exited = new Set<string>();
  return {
    running,
    isKnown: (key) => running.has(key) || exited.has(key),
    start: (ref, observer, begin) => {
      const key = formatAttemptRef(ref);
      const first = running.get(key);
      if (first !== undefined) return first;
      if (exited.has(key)) return exitedAttempt;
      const attempt = begin({
        ...observer,
        exited: (...how) => {
          running.delete(key);
          exited.add(key);
          observer.exited(...how);
        },
      });
      if (attempt === undefined || exited.has(key)) return exitedAttempt;
      running.set(key, attempt);
      return attempt;
    },
  };
}
