/** When frames are drawn; whoever changes something says so, and never draws. */
export type FrameClock = {
  /** Something changed: it is seen within 100 ms. */
  changed(): void;
  /** A key was pressed: it is seen within 33 ms. */
  pressed(): void;
  stop(): void;
};

const frameMs = 100;
const keyMs = 33;
/** Frames take a fifth of the time at most, whatever the machine and the size of the screen... */
const restPerCost = 5;
/** ...but one hiccup does not stop the picture. */
const longestRestMs = 500;

/**
 * The one clock of the screen. Without a change, and with nothing that moves by itself, there is no frame.
 * @param draw draws a frame, and returns after how many milliseconds the next one is due though nothing changes
 */
export function createFrameClock(draw: () => number | undefined): FrameClock {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let restUntil = Number.NEGATIVE_INFINITY;
  let stopped = false;

  const schedule = (at: number): void => {
    if (stopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(frame, Math.max(0, at - performance.now()));
  };
  const frame = (): void => {
    dueAt = Number.POSITIVE_INFINITY;
    const begun = performance.now();
    if (begun < restUntil) {
      schedule(restUntil);
      return;
    }
    drawnAt = begun;
    const nextMs = draw();
    if (nextMs !== undefined) schedule(begun + nextMs);
    // React draws behind us, in the same turn of the event loop.
    setImmediate(() => {
      const cost = performance.now() - begun;
      restUntil = performance.now() + Math.min(longestRestMs, cost * restPerCost);
    });
  };
  return {
    changed: () => schedule(Math.max(drawnAt + frameMs, restUntil)),
    pressed: () => schedule(Math.max(drawnAt + keyMs, restUntil)),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
