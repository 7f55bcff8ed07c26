import fc from 'fast-check';
import { arbitrarySketch } from '../arbitrary-scenario.ts';
import type { Crash, Faults, HostFault, Trial } from './trial.ts';

const oneIn = (count: number) => fc.nat(count - 1).map((draw) => draw === 0);

const arbitraryCrash: fc.Arbitrary<Crash> = fc.record({
  afterMs: fc.nat(160),
  keeps: fc.constantFrom(0, 50, 100),
  torn: oneIn(2),
  guarded: oneIn(5).map((draw) => !draw),
  bootMs: fc.constantFrom(0, 1, 30, 200),
  jumpMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(-3_600_000, -10, 3_600_000) },
  ),
  edits: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(8), { minLength: 1, maxLength: 2 }) },
  ),
});

const arbitraryFate: fc.Arbitrary<HostFault['fate']> = fc.option(
  fc.record({
    kind: fc.constantFrom('dies' as const, 'freezes' as const, 'drains' as const),
    afterMs: fc.nat(200),
    backMs: fc.constantFrom(0, 5, 60, 400),
  }),
  { nil: undefined, freq: 3 },
);

const arbitraryHost: fc.Arbitrary<HostFault> = fc
  .record({
    labels: fc.subarray(['r', 'big']),
    slots: fc.integer({ min: 1, max: 3 }),
    usedCores: fc.constantFrom(undefined, 0, 2, 4),
    fate: arbitraryFate,
  })
  .map(({ usedCores, fate, ...host }) => ({
    ...host,
    ...(fate === undefined ? {} : { fate }),
    ...(usedCores === undefined
      ? {}
      : { load: { cores: 4, memoryBytes: 2 ** 31, usedCores, freeMemoryBytes: 2 ** 31 - usedCores * 2 ** 28 } }),
  }));

/** The first host has all labels, so that in the end every task has one. */
const arbitraryHosts: fc.Arbitrary<Faults['hosts']> = fc
  .record({
    runsElsewhere: oneIn(4),
    leaseMs: fc.constantFrom(40, 150),
    all: fc.array(arbitraryHost, { minLength: 1, maxLength: 3 }),
  })
  .map(({ runsElsewhere, leaseMs, all: [first, ...others] }) =>
    runsElsewhere ? { leaseMs, all: [{ ...first!, labels: ['r', 'big'] }, ...others] } : undefined,
  );

/** Any run in a world in which much goes wrong, and that is calm in the end: after the last fault everything goes on. */
const arbitraryTrial: fc.Arbitrary<Trial> = fc
  .tuple(
    fc.record({
      scenario: arbitrarySketch({
        intents: true,
        critical: true,
        sequential: true,
        late: true,
        limited: true,
        matrix: true,
      }),
      faults: fc.record({
        order: fc.nat(),
        syncMs: fc.array(fc.nat(6), { maxLength: 3 }),
        exitDelayMs: fc.array(
          fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) }),
          {
            maxLength: 3,
          },
        ),
        sweepMs: fc.array(fc.nat(8), { maxLength: 2 }),
        crashes: fc.array(arbitraryCrash, { maxLength: 4 }),
        stops: fc.array(fc.record({ afterMs: fc.nat(250), forMs: fc.integer({ min: 1, max: 120 }) }), { maxLength: 2 }),
        failingCommits: fc.array(
          fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) }),
          { maxLength: 3 },
        ),
        resumes: fc.nat(2),
      }),
    }),
    arbitraryHosts,
  )
  .map(([{ scenario, faults }, hosts]) => ({ scenario, faults: hosts === undefined ? faults : { ...faults, hosts } }));

/** Values of all sizes alike: small ones have their place in the ranges already. */
const unbiased = { unbiased: true, numRuns: 1 } as const;

/** The trial of a seed, always the same. */
export function trialOf(seed: number): Trial {
  return fc.sample(arbitraryTrial, { seed, ...unbiased })[0]!;
}

/** The smallest trial that is found from that of the seed for which `isLike` still holds, within the time. */
export async function shrinkTrial(
  seed: number,
  isLike: (trial: Trial) => Promise<boolean>,
  withinMs: number,
): Promise<Trial> {
  const property = fc.asyncProperty(arbitraryTrial, async (trial) => !(await isLike(trial)));
  const { counterexample } = await fc.check(property, { seed, ...unbiased, interruptAfterTimeLimit: withinMs });
  return counterexample?.[0] ?? trialOf(seed);
}
