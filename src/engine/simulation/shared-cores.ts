/** One running attempt. */
export type Work = {
  readonly index: number;
  /** Busy cores on average, when nobody disturbs it. */
  readonly cpu: number;
  /** How much longer it takes when nobody disturbs it; falls as time passes. */
  leftMs: number;
};

/**
 * By how much CPU work is slower than undisturbed: 1 as long as the attempts together need no more than the cores.
 * Otherwise the cores are shared: of each attempt, the share of time in which it computes grows by this factor, and the
 * rest, in which it waits for a disk or a network, does not.
 * @param guess the result of a moment before, from which the search begins
 */
export function slowdownOf(running: readonly Work[], cores: number, guess: number): number {
  let needed = 0;
  for (const { cpu } of running) needed += cpu;
  if (needed <= cores) return 1;
  // Newton's method: what is used falls with the slowdown ever less steeply, so that it ends from any side.
  let slowdown = Math.max(1, guess);
  for (let step = 0; step < 50; step += 1) {
    let [used, slope] = [-cores, 0];
    for (const work of running) {
      const rate = rateOf(work, slowdown);
      used += work.cpu * rate;
      slope += work.cpu * computing(work) * rate * rate;
    }
    const next = Math.max(1, slowdown + used / slope);
    if (Math.abs(next - slowdown) < 1e-6 * slowdown) return next;
    slowdown = next;
  }
  return slowdown;
}

/** Which part of its undisturbed pace an attempt has. */
export function rateOf(work: Work, slowdown: number): number {
  const busy = computing(work);
  return 1 / (1 - busy + busy * slowdown);
}

/** The share of its time in which it computes. */
function computing({ cpu }: Work): number {
  return Math.min(1, cpu);
}
