import type { EpochMs } from './model/ids.ts';
import type { Clock } from './ports.ts';

/** Node fires at once what is due later than this. */
const longestDelayMs = 2 ** 31 - 1;
/** So late that the machine or this process must have stood still. */
const stoodStillMs = 1_000;

/**
 * Wall time that never goes back or jumps: it is read once, and moves on by the monotonic clock. After a standstill
 * (a suspended process, a sleeping laptop) a timer lets pending news in first, so that an attempt that ended meanwhile
 * is not taken for one that timed out.
 */
export function systemClock(): Clock {
  const origin = Date.now() - performance.now();
  const now = () => (origin + performance.now()) as EpochMs;
  return {
    now: () => Math.round(now()) as EpochMs,
    setTimer: (at, fire) => {
      let handle: NodeJS.Timeout | NodeJS.Immediate;
      let cancelled = false;
      const wait = () => {
        const leftMs = at - now();
        if (leftMs > 0) {
          handle = setTimeout(wait, Math.min(Math.ceil(leftMs), longestDelayMs));
        } else if (leftMs < -stoodStillMs) {
          // Two rounds of the event loop: one to read what has come, one for what follows from it.
          setImmediate(() => setImmediate(fireUnlessCancelled));
        } else fireUnlessCancelled();
      };
      const fireUnlessCancelled = () => {
        if (!cancelled) fire();
      };
      wait();
      return {
        cancel: () => {
          cancelled = true;
          clearTimeout(handle as NodeJS.Timeout);
        },
      };
    },
  };
}
