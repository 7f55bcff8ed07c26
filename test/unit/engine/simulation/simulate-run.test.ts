import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { forecastOf } from '../../../../src/engine/simulation/forecast.ts';
import { simulateRun } from '../../../../src/engine/simulation/simulate-run.ts';
import { fakeRun, noon, runOptions } from '../../../support/fake-run.ts';
import { type PipelineSketch, sketchPlan } from '../../../support/pipeline-builder.ts';
import { pastOf } from './past-of.ts';

const machine = { cores: 2, memoryBytes: 8e9 };

function simulate(
  sketch: PipelineSketch,
  past: Parameters<typeof pastOf>[0],
  options: Parameters<typeof runOptions>[0] = {},
) {
  const plan = sketchPlan(sketch);
  const run = simulateRun(initialState(plan, runOptions(options)), forecastOf(plan, pastOf(past), machine), noon);
  const startsAt = (task: string) => run.startMs[plan.indexOf.get(task as TaskId)!];
  return { ...run, startsAt };
}

describe('a simulated run', () => {
  it('takes as long as its longest chain when nothing else limits it', () => {
    const run = simulate({ tasks: { a: {}, b: { after: ['a'] }, c: {} } }, { a: 1000, b: 2000, c: 2500 });
    expect(run.durationMs).toBe(3000);
    expect(run.isFinished).toBe(true);
    expect(run.peak.tasks).toBe(2);
    expect(run.startsAt('b')).toBe(1000);
  });

  it('has tasks wait for slots, pools and connections, as the real one', () => {
    const three = { a: {}, b: {}, c: {} };
    const each = { a: 1000, b: 1000, c: 1000 };
    expect(simulate({ tasks: three }, each, { maxParallel: 2 }).durationMs).toBe(2000);
    const pooled = { a: { pools: ['p'] }, b: { pools: ['p'] }, c: {} };
    expect(simulate({ tasks: pooled, pools: { p: 1 } }, each).durationMs).toBe(2000);
    const connected = { a: { connections: 2 }, b: { connections: 2 }, c: { connections: 2 } };
    const run = simulate({ tasks: connected }, each, { connectionBudget: 3 });
    expect(run.durationMs).toBe(3000);
    expect(run.peak.connections).toBe(2);
  });

  it('has tasks behind a gate wait for its check', () => {
    const run = simulate(
      { tasks: { load: {}, mart: { after: ['load'] } }, checks: { sane: { after: ['load'], gate: true } } },
      { load: 1000, mart: 1000, 'check sane': 500 },
    );
    expect(run.startsAt('mart')).toBe(1500);
    expect(run.durationMs).toBe(2500);
  });

  it('is slowed down where tasks compute more than the cores can, and not where they wait', () => {
    const tasks = { a: {}, b: {}, c: {}, d: {} };
    const all = (cpu: number) => Object.fromEntries(Object.keys(tasks).map((name) => [name, { ms: 1000, cpu }]));
    expect(simulate({ tasks }, all(1)).durationMs).toBeCloseTo(2000, 3);
    expect(simulate({ tasks }, all(0.5)).durationMs).toBeCloseTo(1000, 3);
    expect(simulate({ tasks }, all(0)).durationMs).toBe(1000);
    // The one that only waits is not held up by those that compute.
    const mixed = simulate({ tasks }, { ...all(1), d: { ms: 1000, cpu: 0 } });
    expect(mixed.endMs[3]).toBeCloseTo(1000, 3);
    expect(mixed.durationMs).toBeCloseTo(1500, 3);
  });

  it('goes on from the middle of a run: with what runs, waits for a retry, and is checked', () => {
    const run = fakeRun({
      tasks: { long: {}, flaky: { retry: { retries: 1, initialMs: 5000 } }, end: { after: ['long', 'flaky'] } },
    });
    run.pass(1000);
    run.exit('flaky', 1);
    run.pass(1000);
    const forecast = forecastOf(run.plan, pastOf({ long: 10_000, flaky: 4000, end: 1000 }), machine);
    // The retry begins 4 s from now and takes 4 s, as long as what is left of the long task; then the end.
    expect(simulateRun(run.state(), forecast, run.now()).durationMs).toBe(9000);
  });

  it('expects an attempt that takes longer than usual to take as long as the longer ones before', () => {
    const run = fakeRun({ tasks: { a: {} } });
    run.pass(2500);
    const forecast = forecastOf(run.plan, pastOf({ a: [1000, 2000, 4000] }), machine);
    expect(simulateRun(run.state(), forecast, run.now()).durationMs).toBe(1500);
    run.pass(5000);
    expect(simulateRun(run.state(), forecast, run.now()).durationMs).toBe(0);
  });

  it('of a paused run does not come to an end', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pause();
    const forecast = forecastOf(run.plan, pastOf({ a: 1000, b: 1000 }), machine);
    expect(simulateRun(run.state(), forecast, run.now())).toMatchObject({ durationMs: 1000, isFinished: false });
  });

  it('of ten thousand tasks takes seconds at most', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    const plan = sketchPlan({
      tasks: Object.fromEntries(
        names.map((name, index) => [name, { after: [1, 7, 50].flatMap((back) => names[index - back * 10] ?? []) }]),
      ),
    });
    const past = pastOf(Object.fromEntries(names.map((name, index) => [name, { ms: 100 + (index % 97), cpu: 0.5 }])));
    const began = performance.now();
    const run = simulateRun(initialState(plan, runOptions({ maxParallel: 32 })), forecastOf(plan, past, machine), noon);
    expect(run.isFinished).toBe(true);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
