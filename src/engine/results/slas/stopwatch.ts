import type { EpochMs } from '../../model/ids.ts';

/** Adds up the time in which it ran. */
export type Stopwatch = {
  set(isRunning: boolean, at: EpochMs): void;
  /** In ms, until now. */
  readMs(now: EpochMs): number;
};

export function createStopwatch(): Stopwatch {
  let passedMs = 0;
  let since: EpochMs | undefined;
  const readMs = (now: EpochMs) => passedMs + (since === undefined ? 0 : Math.max(0, now - since));
  return {
    set: (isRunning, at) => {
      if (isRunning === (since !== undefined)) return;
      passedMs = readMs(at);
      since = isRunning ? at : undefined;
    },
    readMs,
  };
}
