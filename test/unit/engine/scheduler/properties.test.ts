import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunState } from '../../../../src/engine/model/run/run-state.ts';
import { arbitraryScenario } from '../../../support/arbitrary-scenario.ts';
import { type Scenario, simulateRun } from '../../../support/simulate-run.ts';
import { endingRules } from './rules/ending-rules.ts';
import { staleRules } from './rules/stale-rules.ts';
import { startingRules } from './rules/starting-rules.ts';
import { turnRules } from './rules/turn-rules.ts';

const rules = Object.entries({ ...startingRules, ...turnRules, ...endingRules, ...staleRules });
const anyWeather = { intents: true, critical: true, sequential: true, late: true, matrix: true };
const calm = { intents: false, critical: false, sequential: false, late: false, matrix: false };

describe('for any timing and any intents', () => {
  test('every rule of a run holds', () => {
    fc.assert(
      fc.property(arbitraryScenario(anyWeather), (scenario) => {
        const run = simulateRun(scenario);
        for (const [rule, holds] of rules) {
          try {
            holds(run, scenario);
          } catch (error) {
            throw new Error(`broken: ${rule}`, { cause: error });
          }
        }
      }),
      { numRuns: 350 },
    );
  });

  test('every rule holds when checks are run again, before and after the end', () => {
    const rechecks = fc.array(fc.tuple(fc.nat(600), fc.nat(2)), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(arbitraryScenario(calm), rechecks, (calmScenario, chosen) => {
        const intents = chosen.map(([afterMs, index]) => ({
          afterMs,
          intent: { type: 'recheck', check: `check${index}` } as const,
        }));
        const scenario = { ...calmScenario, intents };
        const run = simulateRun(scenario);
        for (const [, holds] of rules) holds(run, scenario);
      }),
      { numRuns: 250 },
    );
  });

  test('the same inputs give the same events, byte for byte', () => {
    fc.assert(
      fc.property(arbitraryScenario(anyWeather), (scenario) => {
        expect(JSON.stringify(simulateRun(scenario).events)).toBe(JSON.stringify(simulateRun(scenario).events));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a run without intents', () => {
  test('has the same outcomes with one slot as with eight', () => {
    fc.assert(
      fc.property(arbitraryScenario(calm), (scenario) => {
        const [one, eight] = [1, 8].map((maxParallel) => outcomes(withOptions(scenario, { maxParallel })));
        for (const { spec, end } of scenario.plan.tasks) {
          // Whether a failure was there when it was its turn depends on what else runs at the end at that time.
          if (end?.when !== 'on-failure') expect([spec.id, one!.get(spec.id)]).toEqual([spec.id, eight!.get(spec.id)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('that is sequential has the same outcomes as in parallel, as far as it gets', () => {
    fc.assert(
      fc.property(arbitraryScenario(calm), (scenario) => {
        const parallel = outcomes(scenario);
        const sequential = outcomes(withOptions(scenario, { sequential: true }));
        const { plan } = scenario;
        for (const { spec, end } of plan.tasks) {
          const outcome = sequential.get(spec.id);
          // A teardown is not needed when the run stops before its setup.
          if (outcome === 'cancelled' || outcome === 'not-needed') continue;
          // Whether a failure was there when it was its turn depends on what else runs at the end at that time.
          if (end?.when === 'on-failure') continue;
          expect([spec.id, outcome]).toEqual([spec.id, parallel.get(spec.id)]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function withOptions(scenario: Scenario, options: Partial<Scenario['options']>): Scenario {
  return { ...scenario, options: { ...scenario.options, ...options } };
}

function outcomes(scenario: Scenario): ReadonlyMap<string, string> {
  const { final } = simulateRun(scenario);
  return new Map(scenario.plan.tasks.map(({ spec, index }) => [spec.id, stateAt(final, index)]));
}

/** Which of several verdicts of others comes first depends on the time that they take. */
function stateAt(state: RunState, index: number): string {
  const task = state.tasks.chunks.flat()[index]!.state;
  return task.kind === 'upstream-failed' || 'because' in task ? 'because of others' : task.kind;
}
