/** Time is counted in pieces of this length, so that a standstill takes no more than one of them. */
const pieceMs = 500;
/** So late that the machine or this process must have stood still. */
const stoodStillMs = 1_000;

/**
 * Fires when `ms` milliseconds have passed in which this process was awake: a standstill (a stopped process, a machine
 * that slept) counts as half a second at most. After one it fires no sooner than what has come meanwhile had time to be
 * taken in, such as the news that what it is there to end has ended by itself. A length beyond 2^31 ms is no warning.
 */
export function startAwakeTimer(ms: number, fire: () => void): { cancel(): void } {
  let left = ms;
  let handle: NodeJS.Timeout;
  const wait = (piece: number) => {
    const due = performance.now() + piece;
    handle = setTimeout(() => {
      left -= piece;
      const stoodStill = performance.now() - due > stoodStillMs;
      if (left > 0) wait(Math.min(left, pieceMs));
      else if (stoodStill) wait(pieceMs);
      else fire();
    }, piece);
  };
  wait(Math.min(Math.max(0, left), pieceMs));
  return { cancel: () => clearTimeout(handle) };
}
