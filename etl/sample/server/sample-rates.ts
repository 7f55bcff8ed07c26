import { setTimeout as sleep } from 'node:timers/promises';

/** How fast the sample sources are, and how much they put up with; what is left out is not limited. */
export type SampleRates = {
  /** Of each connection. */
  readonly bytesPerSecond?: number;
  /** Added to every answer, in milliseconds. */
  readonly latencyMs?: number;
  /** In place of `latencyMs`: of each answer with odds, and of each answer with weather. */
  readonly oddsLatencyMs?: number;
  readonly weatherLatencyMs?: number;
  /** Requests for odds within any second; a further one is refused with 429. */
  readonly oddsPerSecond?: number;
};

/** How long a request for this path waits for its answer, in milliseconds. */
export function latencyOf(path: string, rates: SampleRates): number {
  const { latencyMs = 0 } = rates;
  if (path.startsWith('/odds/')) return rates.oddsLatencyMs ?? latencyMs;
  if (/^\/(?:meteostat|open-meteo)\//.test(path)) return rates.weatherLatencyMs ?? latencyMs;
  return latencyMs;
}

const PIECE_BYTES = 1 << 14;

/** Lets through so many bytes a second, evenly; all at once when there is no limit. */
export function atBandwidth(bytesPerSecond: number | undefined) {
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    if (bytesPerSecond === undefined) {
      yield* chunks;
      return;
    }
    const started = performance.now();
    let bytes = 0;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        bytes += piece.length;
        const early = started + (bytes / bytesPerSecond) * 1000 - performance.now();
        if (early > 1) await sleep(early);
        yield piece;
      }
    }
  };
}

/** Says of each request whether it is within the limit of its second; refused ones do not count. */
export function openRateLimit(perSecond: number | undefined): { admits(): boolean } {
  let admitted: readonly number[] = [];
  return {
    admits: () => {
      if (perSecond === undefined) return true;
      const now = performance.now();
      admitted = admitted.filter((at) => now - at < 1000);
      if (admitted.length >= perSecond) return false;
      admitted = [...admitted, now];
      return true;
    },
  };
}
