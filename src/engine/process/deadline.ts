const longestTimerMs = 0x7fffffff;

/** A moment that may only come closer, on the clock of `performance.now()`. */
export type Deadline = {
  /** Undefined until it is set. */
  at(): number | undefined;
  /** Sets it, unless it is that close already; says whether it did. */
  bringForward(ms: number): boolean;
  cancel(): void;
};

export function createDeadline(reached: () => void): Deadline {
  let at: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    at: () => at,
    bringForward: (ms) => {
      const next = performance.now() + ms;
      if (at !== undefined && next >= at) return false;
      at = next;
      clearTimeout(timer);
      timer = setTimeout(reached, Math.min(longestTimerMs, ms));
      return true;
    },
    cancel: () => clearTimeout(timer),
  };
}
