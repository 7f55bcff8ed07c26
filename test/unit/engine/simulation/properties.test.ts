import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mediansOf } from '../../../../src/engine/model/run/past-runs.ts';
import { criticalPath } from '../../../../src/engine/plan/critical-path.ts';
import { learnedOrder } from '../../../../src/engine/plan/rank-tasks.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { forecastOf } from '../../../../src/engine/simulation/forecast.ts';
import { simulateRun } from '../../../../src/engine/simulation/simulate-run.ts';
import { noon, runOptions } from '../../../support/fake-run.ts';
import { sketchPlan } from '../../../support/pipeline-builder.ts';
import { pastOf } from './past-of.ts';

const arbitraryGraph = fc.array(
  fc.record({
    ms: fc.integer({ min: 1, max: 5000 }),
    cpu: fc.constantFrom(0, 0.3, 1, 2),
    after: fc.uniqueArray(fc.nat(30), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 30 },
);

it('a simulated run ends, is never shorter than the longest chain or the work per slot, and always the same', () => {
  fc.assert(
    fc.property(arbitraryGraph, fc.integer({ min: 1, max: 6 }), (graph, maxParallel) => {
      const plan = sketchPlan({
        tasks: Object.fromEntries(
          graph.map(({ after }, index) => [
            `t${index}`,
            { after: after.filter((one) => one < index).map((one) => `t${one}`) },
          ]),
        ),
      });
      const past = pastOf(Object.fromEntries(graph.map(({ ms, cpu }, index) => [`t${index}`, { ms, cpu }])));
      const durations = mediansOf(past);
      const queueOrder = learnedOrder(plan, durations)!;
      const play = () =>
        simulateRun(
          initialState(plan, runOptions({ maxParallel, queueOrder })),
          forecastOf(plan, past, { cores: 2, memoryBytes: 8e9 }),
          noon,
        );
      const run = play();
      const work = graph.reduce((sum, { ms }) => sum + ms, 0);
      const busy = graph.reduce((sum, { ms, cpu }) => sum + ms * cpu, 0);
      expect(run.isFinished).toBe(true);
      expect(run.peak.tasks).toBeLessThanOrEqual(maxParallel);
      const rounding = 0.999;
      expect(run.durationMs).toBeGreaterThanOrEqual(criticalPath(plan, durations).totalMs * rounding);
      expect(run.durationMs).toBeGreaterThanOrEqual((work / maxParallel) * rounding);
      expect(run.durationMs).toBeGreaterThanOrEqual((busy / 2) * rounding);
      expect(play()).toEqual(run);
    }),
  );
});
