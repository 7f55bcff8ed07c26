/** Time is measured in steps of this length, so that a suspension counts as one step at most. */
const stepMs = 500;
/** A timer that fires so late means that the machine or this process was suspended. */
const suspendedMs = 1_000;

/**
 * Fires after `ms` milliseconds in which this process was awake: a suspension (a stopped process, a sleeping machine)
 * counts as half a second at most. After a suspension it waits one more step before it fires, so that pending events are
 * handled first, such as the exit of the very process that the timer would end. `ms` may exceed 2^31.
 */
export function startAwakeTimer(ms: number, fire: () => void): { cancel(): void } {
  let left = ms;
  let handle: NodeJS.Timeout;
  const wait = (step: number) => {
    const due = performance.now() + step;
    handle = setTimeout(() => {
      left -= step;
      const wasSuspended = performance.now() - due > suspendedMs;
      if (left > 0) wait(Math.min(left, stepMs));
      else if (wasSuspended) wait(stepMs);
      else fire();
    }, step);
  };
  wait(Math.min(Math.max(0, left), stepMs));
  return { cancel: () => clearTimeout(handle) };
}
