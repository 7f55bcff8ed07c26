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
/** Drawing takes a sixth of the time at most, whatever the machine and the size of the screen... */
const restPerCost = 5;
/** ...but one hiccup does not stop the picture... */
const longestRestMs = 500;
/** ...and somebody who types gets half of the time. */
const keyRestPerCost = 1;

/**
 * The one clock of the screen. Without a change, and with nothing that moves by itself, there is no frame.
 * @param draw draws a frame, and returns after how many milliseconds the next one is due though nothing changes
 */
export function createFrameClock(draw: () => number | undefined): FrameClock {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  let costMs = 0;
  let stopped = false;

  /** The earliest moment for a frame, `everyMs` after the last one began. */
  const earliest = (everyMs: number, perCost: number): number =>
    Math.max(begunAt + everyMs, endedAt + Math.min(longestRestMs, costMs * perCost));
  const schedule = (at: number): void => {
    if (stopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(frame, Math.max(0, at - performance.now()));
  };
  const frame = (): void => {
    dueAt = Number.POSITIVE_INFINITY;
    const begun = performance.now();
    begunAt = begun;
    const nextMs = draw();
    // React draws behind us, in the same turn of the event loop.
    setImmediate(() => {
      endedAt = performance.now();
      costMs = endedAt - begun;
      if (nextMs !== undefined) schedule(Math.max(begun + nextMs, earliest(0, restPerCost)));
    });
  };
  return {
    changed: () => schedule(earliest(frameMs, restPerCost)),
    pressed: () => schedule(earliest(keyMs, keyRestPerCost)),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
