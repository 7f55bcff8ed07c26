import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../../../src/engine/model/pipeline/plan.ts';
import { previewRun } from '../../../../src/engine/simulation/preview-run.ts';
import { runOptions } from '../../../support/fake-run.ts';
import { type PipelineSketch, sketchPlan } from '../../../support/pipeline-builder.ts';
import { pastOf } from './past-of.ts';

const machine = { cores: 2, memoryBytes: 8e9 };

function preview(sketch: PipelineSketch, past: Parameters<typeof pastOf>[0], options: Partial<RunOptions> = {}) {
  const plan = sketchPlan(sketch);
  const others = ([1, 4] as const).map((limit) => ({ limit, options: runOptions({ ...options, maxParallel: limit }) }));
  return previewRun(plan, runOptions(options), others, pastOf(past), machine);
}

describe('the preview of a run', () => {
  it('names the task of the critical path that would save most, with its share', () => {
    const { savings, criticalPath } = preview(
      { tasks: { a: {}, b: { after: ['a'] }, c: {} } },
      { a: 1000, b: 9000, c: 500 },
    );
    expect(criticalPath.totalMs).toBe(10_000);
    expect(savings[0]).toEqual({ kind: 'task', task: 'b', ms: 9000, share: 0.9, savedMs: 9000 });
  });

  it('names the pool that tasks wait for, what it costs, and who waits longest', () => {
    const pooled = { pools: ['api'] };
    const { savings, waits } = preview(
      { tasks: { a: pooled, b: pooled, c: {} }, pools: { api: 1 } },
      { a: 4000, b: 4000, c: 1000 },
    );
    expect(savings).toContainEqual({ kind: 'pool', pool: 'api', task: 'b', waitMs: 4000, savedMs: 4000 });
    expect(waits.map(({ ms, reason }) => [ms, reason])).toEqual([[4000, 'pool api is full: a holds it']]);
  });

  it('says when slots, connections or cores are what is missing', () => {
    const four = { a: {}, b: {}, c: {}, d: {} };
    const each = { a: 1000, b: 1000, c: 1000, d: 1000 };
    expect(preview({ tasks: four }, each, { maxParallel: 2 }).savings).toContainEqual(
      expect.objectContaining({ kind: 'slots', slots: 2, savedMs: 1000 }),
    );
    const needy = { a: { connections: 3 }, b: { connections: 3 } };
    expect(preview({ tasks: needy }, each, { connectionBudget: 5 }).savings).toContainEqual(
      expect.objectContaining({ kind: 'connections', budget: 5, savedMs: 1000 }),
    );
    const busy = Object.fromEntries(Object.keys(four).map((name) => [name, { ms: 1000, cpu: 1 }]));
    const [cores] = preview({ tasks: four }, busy).savings;
    expect(cores).toMatchObject({ kind: 'cores', cores: 2, needed: 4 });
    expect(cores?.savedMs).toBeCloseTo(1000);
  });

  it('has tasks wait for memory, and says so', () => {
    const hog = { ms: 1000, memoryBytes: 5e9 };
    const needs = { a: { memoryBytes: 5e9 }, b: { memoryBytes: 5e9 } };
    const { run, waits, savings } = preview({ tasks: { a: {}, b: {} } }, { a: hog, b: hog }, { needs });
    expect([run.durationMs, run.peak.memoryBytes]).toEqual([2000, 5e9]);
    expect(waits[0]?.reason).toContain('memory');
    expect(savings).toContainEqual({ kind: 'memory', task: 'b', waitMs: 1000, savedMs: 1000 });
  });

  it('predicts the run with other limits, and what it uses at most', () => {
    const used = { ms: 1000, cpu: 0.5, memoryBytes: 1e9, connections: 2 };
    const { predictions } = preview({ tasks: { a: {}, b: {} } }, { a: used, b: used });
    expect(predictions.map(({ limit, run }) => [limit, run.durationMs, run.peak])).toEqual([
      [1, 2000, { tasks: 1, cpu: 0.5, memoryBytes: 1e9, connections: 2 }],
      [4, 1000, { tasks: 2, cpu: 1, memoryBytes: 2e9, connections: 4 }],
    ]);
  });

  it('knows of how many tasks the duration is known, and takes the others to be like them', () => {
    const { known, tasks, forecast } = preview({ tasks: { a: {}, b: {}, c: {} } }, { a: 1000, b: 3000 });
    expect([known, tasks, forecast.taskMs[2]]).toEqual([2, 3, 2000]);
    expect(preview({ tasks: { a: {}, b: {} } }, {}).known).toBe(0);
  });
});
