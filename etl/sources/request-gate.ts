import { setTimeout as sleep } from 'node:timers/promises';
import { retryAfterMs } from './http-get.ts';

/** Spaces the requests to one source, whoever in the process makes them. */
export type RequestGate = {
  /** Resolves when the next request may go out; rejects with the signal's reason when it is aborted before. */
  turn(signal?: AbortSignal): Promise<void>;
  /** Takes note of an answer: after a 429 no request goes out before the pause that it asks for is over. */
  answered(answer: { readonly status: number; readonly headers: Headers } | undefined): void;
};

/** After a 429 that names no pause. */
const PAUSE_MS = 2000;
/** However often a source refuses, it is asked once in this time. */
const LONGEST_GAP_MS = 2000;

/**
 * A gate that lets through `perSecond` requests a second, evenly. A source that refuses one for their frequency gets
 * half as many from then on: others may be using the same key or address.
 */
export function openRequestGate(perSecond: number): RequestGate {
  let gapMs = 1000 / perSecond;
  let nextAt = 0;
  let heldUntil = 0;
  return {
    turn: async (signal) => {
      for (;;) {
        signal?.throwIfAborted();
        const at = Math.max(performance.now(), nextAt, heldUntil);
        nextAt = at + gapMs;
        while (at > performance.now() && !signal?.aborted) {
          await sleep(at - performance.now() + 1, undefined, signal === undefined ? {} : { signal }).catch(() => {});
        }
        signal?.throwIfAborted();
        // A pause that was asked for meanwhile counts for those that were waiting.
        if (performance.now() >= heldUntil) return;
      }
    },
    answered: (answer) => {
      if (answer?.status !== 429) return;
      const now = performance.now();
      // Several requests that were under way together are refused together, which is one refusal.
      if (now >= heldUntil) gapMs = Math.min(gapMs * 2, LONGEST_GAP_MS);
      heldUntil = Math.max(heldUntil, now + (retryAfterMs(answer.headers) ?? PAUSE_MS));
    },
  };
}
