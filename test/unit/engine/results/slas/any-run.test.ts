import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Slas } from '../../../../../src/engine/model/pipeline/pipeline.ts';
import { judgeSlas } from '../../../../../src/engine/results/slas/judge-slas.ts';
import { createSlaMeter } from '../../../../../src/engine/results/slas/sla-meter.ts';
import { arbitraryScenario } from '../../../../support/arbitrary-scenario.ts';
import { simulateRun } from '../../../../support/simulate-run.ts';

const slas: Slas = {
  runMs: 100,
  levelsMs: new Map(),
  speedup: 2,
  successRate: 0.5,
  cpu: { min: 0.2, max: 0.5 },
  memory: 0.5,
  dbConnections: 0.5,
  diskBytesPerSecond: 1,
  diskWait: 0.5,
  onMiss: 'warn',
};

it('every SLA of any run is met, missed or not measured at its end, and no time is counted twice', () => {
  const scenarios = arbitraryScenario({ intents: true, critical: true, sequential: true, late: true, matrix: true });
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const pipeline = { ...scenario.plan.pipeline, slas };
      const plan = { ...scenario.plan, pipeline };
      const { events, final } = simulateRun({ ...scenario, plan });
      const meter = createSlaMeter(plan);
      for (const event of events) meter.onEvent(event);
      const at = final.finishedAt!;
      const reading = meter.reading(at);
      expect(reading.runMs + reading.personMs).toBe(at - final.startedAt!);
      expect(reading.activeMs).toBeLessThanOrEqual(reading.runMs);
      expect(reading.busyMs).toBeGreaterThanOrEqual(reading.activeMs);
      const judged = judgeSlas({ state: final, reading, past: [] });
      expect(judged).toHaveLength(8);
      for (const { status } of judged) expect(['met', 'missed', 'not-measured']).toContain(status);
    }),
    { numRuns: 100 },
  );
});
