import { trialOf } from './arbitrary-trial.ts';
import { runTrial } from './run-trial.ts';

export type SeedFailure = { readonly seed: number; readonly rule: string; readonly about: unknown };

export type Played = {
  readonly seeds: number;
  readonly failures: readonly SeedFailure[];
  /** In how many trials each thing happened. */
  readonly counts: ReadonlyMap<string, number>;
};

/** Every how many seeds a trial is played twice, and must give the same journal. */
const twiceEvery = 16;

/** Plays the trials of `count` seeds, or fewer when so many of them have failed. */
export async function playSeeds(from: number, count: number, stopAfter = Number.POSITIVE_INFINITY): Promise<Played> {
  const failures: SeedFailure[] = [];
  const counts = new Map<string, number>();
  let seed = from;
  for (; seed < from + count && failures.length < stopAfter; seed += 1) {
    const trial = trialOf(seed);
    const { broken, noted, journal } = await runTrial(trial);
    for (const what of noted) counts.set(what, (counts.get(what) ?? 0) + 1);
    if (broken !== undefined) failures.push({ seed, ...broken });
    else if (seed % twiceEvery === 0 && (await runTrial(trial)).journal !== journal) {
      failures.push({ seed, rule: 'I16 the same seed gives the same journal', about: journal.length });
    }
  }
  return { seeds: seed - from, failures, counts };
}
