import { startAwakeTimer } from '../../platform/awake-timer.ts';

/** A moment that may only come closer, on the clock of `performance.now()`. */
export type Deadline = {
  /** Undefined until it is set. */
  at(): number | undefined;
  /** Sets it, unless it is that close already; says whether it did. */
  bringForward(ms: number): boolean;
  cancel(): void;
};

/** A standstill of this process does not bring the moment closer for what has no chance to be heard meanwhile. */
export function createDeadline(reached: () => void): Deadline {
  let at: number | undefined;
  let timer: { cancel(): void } | undefined;
  return {
    at: () => at,
    bringForward: (ms) => {
      const next = performance.now() + ms;
      if (at !== undefined && next >= at) return false;
      at = next;
      timer?.cancel();
      timer = startAwakeTimer(ms, reached);
      return true;
    },
    cancel: () => timer?.cancel(),
  };
}
