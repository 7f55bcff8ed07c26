const never = new Int32Array(new SharedArrayBuffer(4));

/** Stands still, for the few places that must decide before anything else is done; for milliseconds only. */
export function pauseThread(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}
