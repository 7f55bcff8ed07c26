import type { EpochMs } from '../model/ids.ts';
import type { Clock } from '../ports.ts';
import { startAwakeTimer } from './awake-timer.ts';

/** Node fires a timer with a longer delay at once. */
const maxDelayMs = 2 ** 31 - 1;

/** Wall time that never jumps: it is read once and then advanced by the monotonic clock. */
export function systemClock(): Clock {
  const origin = Date.now() - performance.now();
  const now = () => (origin + performance.now()) as EpochMs;
  return {
    now: () => Math.round(now()) as EpochMs,
    setTimer: (at, fire, counted) => {
      if (counted === 'awake') return startAwakeTimer(at - now(), fire);
      let handle: NodeJS.Timeout;
      const wait = () => {
        const leftMs = at - now();
        if (leftMs > 0) handle = setTimeout(wait, Math.min(Math.ceil(leftMs), maxDelayMs));
        else fire();
      };
      wait();
      return { cancel: () => clearTimeout(handle) };
    },
  };
}
