import { startAwakeTimer } from '../../platform/awake-timer.ts';

/** A moment that can only be brought forward, on the clock of `performance.now()`. */
export type Deadline = {
  /** Undefined until it is set. */
  at(): number | undefined;
  /** Sets it to `ms` from now, unless it is that close already. */
  bringForward(ms: number): void;
  cancel(): void;
};

/** Time in which this process is stopped does not count, because it cannot notice that a task has ended meanwhile. */
export function createDeadline(onReached: () => void): Deadline {
  let at: number | undefined;
  let timer: { cancel(): void } | undefined;
  return {
    at: () => at,
    bringForward: (ms) => {
      const next = performance.now() + ms;
      if (at !== undefined && next >= at) return;
      at = next;
      timer?.cancel();
      timer = startAwakeTimer(ms, onReached);
    },
    cancel: () => timer?.cancel(),
  };
}
