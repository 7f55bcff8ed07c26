/** Decides when frames are drawn. Code that changes something reports it here, and never draws by itself. */
export type FrameClock = {
  /** Something changed: the next frame comes within 100 ms. */
  changed(): void;
  /** A key was pressed: the next frame comes within 33 ms. */
  pressed(): void;
  stop(): void;
};

const frameMs = 100;
const keyMs = 33;
/** After a frame, the pause is at least five times as long as drawing took: drawing uses a sixth of the time at most. */
const restPerCost = 5;
/** The pause is limited, so that a single slow frame does not stop the screen. */
const longestRestMs = 500;
/** After a key the pause is only as long as drawing took. */
const keyRestPerCost = 1;

/**
 * The only clock of the screen. Without a change and without anything that moves by itself, no frame is drawn.
 * @param draw draws a frame, and returns after how many milliseconds the next one is due though nothing changes
 */
export function createFrameClock(draw: () => number | undefined): FrameClock {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  let costMs = 0;
  let stopped = false;

  /** The earliest time for the next frame: `everyMs` after the last one began, and after the pause. */
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
    // React draws after this callback, in the same turn of the event loop.
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
