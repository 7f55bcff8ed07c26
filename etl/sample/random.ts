/** Pseudo-random numbers: the same for the same seed, on every machine. */
export type Random = {
  /** From 0 up to but not including 1. */
  next(): number;
  /** A whole number, both ends included. */
  int(low: number, high: number): number;
  normal(mean: number, deviation: number): number;
  exponential(mean: number): number;
  chance(probability: number): boolean;
  pick<Value>(from: readonly Value[]): Value;
  shuffled<Value>(values: readonly Value[]): Value[];
};

/** A generator for one purpose, which is its seed: what is drawn for one purpose does not change what others draw. */
export function randomOf(seed: string): Random {
  let state = hashOf(seed);
  let spare: number | undefined;

  const next = () => {
    // A Weyl sequence with two rounds of mixing.
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };

  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    normal: (mean, deviation) => {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return mean + deviation * kept;
      }
      // Two at a time, by the polar method.
      for (;;) {
        const x = next() * 2 - 1;
        const y = next() * 2 - 1;
        const square = x * x + y * y;
        if (square >= 1 || square === 0) continue;
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * factor;
        return mean + deviation * x * factor;
      }
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
    shuffled: (values) => {
      const shuffled = [...values];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = Math.floor(next() * (last + 1));
        [shuffled[last], shuffled[other]] = [shuffled[other] as never, shuffled[last] as never];
      }
      return shuffled;
    },
  };
}

/** A 32-bit hash of a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
