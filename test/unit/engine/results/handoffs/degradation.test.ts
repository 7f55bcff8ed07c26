import { describe, expect, it } from 'vitest';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { WaitTimes } from '../../../../../src/engine/model/run/wait-times.ts';
import {
  type PerformanceRecord,
  performanceRecord,
} from '../../../../../src/engine/results/files/performance-record.ts';
import { type DegradationDocument, degradation } from '../../../../../src/engine/results/handoffs/degradation.ts';
import type { HandoffInput } from '../../../../../src/engine/results/handoffs/handoff-document.ts';
import { newRegressions } from '../../../../../src/engine/results/handoffs/new-regressions.ts';
import type { SlaJudgement } from '../../../../../src/engine/results/slas/sla-judgement.ts';
import type { Regression } from '../../../../../src/engine/results/trends/regression.ts';
import { createWaitMeter } from '../../../../../src/engine/scheduler/admission/measure-waits.ts';
import { evolve } from '../../../../../src/engine/scheduler/state/evolve.ts';
import { initialState } from '../../../../../src/engine/scheduler/state/initial-state.ts';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';
import { expectValid } from '../../../../support/handoffs.ts';
import { type PipelineSketch, sketchPlan } from '../../../../support/pipeline-builder.ts';

const output = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => undefined };

function recordOf(run: FakeRun): PerformanceRecord {
  return performanceRecord(run.state(), run.events, output, run.now(), undefined, waitsOf(run));
}

/** The waits of a run, from its events once more. */
function waitsOf(run: FakeRun): WaitTimes {
  const meter = createWaitMeter();
  let state = initialState(run.plan, run.state().options);
  for (const event of run.events) {
    state = evolve(state, event);
    meter.onEvent(event, state);
  }
  return meter.times();
}

function told(
  run: FakeRun,
  past: readonly PerformanceRecord[],
  slas: readonly SlaJudgement[] = [],
  regressions: readonly Regression[] = [],
): DegradationDocument | undefined {
  const input: HandoffInput = {
    state: run.state(),
    events: run.events,
    record: recordOf(run),
    past,
    slas,
    regressions,
    now: run.now(),
    places: { projectDir: '/p', logPath: () => undefined, output: () => ({ stderr: '', merged: '' }) },
  };
  const document = degradation(input)[0]?.document;
  if (document !== undefined) expectValid({ ...document });
  return document;
}

const usually = (seconds: number, runs = 3) =>
  Array.from({ length: runs }, () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pass(seconds * 500);
    run.exit('a');
    run.pass(seconds * 500);
    run.exit('b');
    return recordOf(run);
  });

function runOf(aSeconds: number, bSeconds: number): FakeRun {
  const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
  run.pass(aSeconds * 1000);
  run.exit('a');
  run.pass(bSeconds * 1000);
  run.exit('b');
  return run;
}

describe('a run is slower than usual', () => {
  it('when it takes one and a half times the median of at least three runs, and the task that has grown most is named', () => {
    expect(told(runOf(10, 50), usually(20))).toMatchObject({
      reasons: ['slower_than_usual'],
      current_duration_seconds: 60,
      usual_duration_seconds: 20,
      compared_runs: 3,
      slowdown: 3,
      bottleneck: { kind: 'task', name: 'b', seconds: 50, usual_seconds: 10, finding: 'b took 50s, usually 10s' },
      slower_tasks: [{ task: 'b', seconds: 50, usual_seconds: 10 }],
      summary: 'the run took 1m00s, usually 20s',
      impact: 'its data came 40s later than usual (1m00s instead of 20s)',
    });
  });

  it.each([
    ['it is not half as slow again', runOf(10, 19), usually(20)],
    ['there are two runs only', runOf(10, 50), usually(20, 2)],
    ['it is less than a second', fakeSeconds(0.9), usually(0.2)],
    ['the others had other parameters', runOf(10, 50), usually(20).map((one) => ({ ...one, params: { day: '1' } }))],
    ['the others failed', runOf(10, 50), usually(20).map((one) => ({ ...one, status: 'failed' as const }))],
    ['the others were sequential', runOf(10, 50), usually(20).map((one) => ({ ...one, sequential: true }))],
  ])('not when %s', (_, run, past) => {
    expect(told(run, past)).toBeUndefined();
  });

  it('not when somebody had paused it', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pause();
    run.pass(10_000);
    run.exit('a');
    run.pass(600_000);
    run.resume();
    run.pass(10_000);
    run.exit('b');
    expect(told(run, usually(20))).toBeUndefined();
  });

  it('not when a task failed, which is told itself', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pass(100_000);
    run.exit('a');
    run.exit('b', 1);
    expect(told(run, usually(20))).toBeUndefined();
  });

  it('not when it was cancelled', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pass(100_000);
    run.exit('a');
    run.cancel();
    run.exit('b');
    expect(told(run, usually(20))).toBeUndefined();
  });
});

function fakeSeconds(seconds: number): FakeRun {
  return runOf(seconds / 2, seconds / 2);
}

const names = ['a', 'b', 'c', 'd'] as const;

describe('what tasks waited for, what there was of it, and what would have done', () => {
  /** Four tasks of ten seconds beside each other in the past, one after the other now. */
  function oneByOne(sketch: PipelineSketch, options: Parameters<typeof fakeRun>[1]) {
    const beside = fakeRun({ ...sketch, pools: {}, tasks: Object.fromEntries(names.map((name) => [name, {}])) });
    beside.pass(10_000);
    for (const name of names) beside.exit(name);
    const run = fakeRun(sketch, options);
    for (const name of names) {
      run.pass(10_000);
      run.exit(name);
    }
    return told(
      run,
      [1, 2, 3].map(() => recordOf(beside)),
    );
  }

  it('the tasks at once', () => {
    const tasks = Object.fromEntries(names.map((name) => [name, {}]));
    expect(oneByOne({ tasks }, { maxParallel: 1 })).toMatchObject({
      bottleneck: { kind: 'slot', seconds: 60 },
      concurrent_tasks: { peak: 1, average: 1, limit: 1 },
      pool: { of: 'tasks at once', size: 1, need: 3, unit: 'tasks' },
      suggestion: 'raise limits.max_parallel from 1 to 3, or run with -j 3',
    });
  });

  it('a pool', () => {
    const tasks = Object.fromEntries(names.map((name) => [name, { pools: ['api'] }]));
    expect(oneByOne({ tasks, pools: { api: 1 } }, {})).toMatchObject({
      bottleneck: {
        kind: 'pool',
        name: 'api',
        finding: '3 tasks waited 1m00s together for a slot in the pool api, usually 0.0s',
      },
      pool: { of: 'pool api', size: 1, need: 3 },
      suggestion: expect.stringContaining('raise the pool api from 1 to 3'),
    });
  });

  it('database connections', () => {
    const tasks = Object.fromEntries(names.map((name) => [name, { connections: 4 }]));
    expect(oneByOne({ tasks }, { connectionBudget: 4 })).toMatchObject({
      bottleneck: { kind: 'connections' },
      pool: { of: 'database connections', size: 4, need: 10, unit: 'connections' },
      suggestion: expect.stringMatching(/from 4 to 10.*max_connections/),
    });
  });
});

it('a run that stepped down to one task at a time says so, although nothing is known of earlier runs', () => {
  const run = fakeRun({ tasks: { a: {}, b: {} } });
  const at = run.now();
  run.pass(1000);
  run.exit('a');
  run.exit('b');
  const steps = [{ type: 'run.stepped-down', maxParallel: 1, because: 'connections', at }] as const;
  const input = { ...run, events: [...run.events, ...steps] };
  const document = told({ ...input, state: run.state, now: run.now }, []);
  expect(document).toMatchObject({
    reasons: ['stepped_down'],
    usual_duration_seconds: null,
    slowdown: null,
    bottleneck: { kind: 'overload', name: 'connections' },
    stepped_down: [{ max_parallel: 1, because: 'connections' }],
    summary: 'the run was reduced to one task at once, because the database had no connection left',
  });
  expect(document?.slower_tasks.map(({ task }): TaskId => task)).toEqual([]);
});

it('an SLA that may not be missed is told, and names what was missed; one that may be missed is not told alone', () => {
  const missed = { sla: 'run', status: 'missed', limit: 10, unit: 'seconds', message: 'took 20s' } as const;
  expect(told(runOf(10, 10), [], [missed])).toBeUndefined();
  const sketch = sketchPlan({ tasks: { a: {}, b: { after: ['a'] } } });
  const strict = {
    ...sketch,
    pipeline: { ...sketch.pipeline, slas: { ...sketch.pipeline.slas, onMiss: 'fail' as const } },
  };
  const run = fakeRun(strict);
  run.exit('a');
  run.exit('b');
  expect(told(run, [], [missed])).toMatchObject({
    reasons: ['sla_missed'],
    missed_slas: [{ sla: 'run', finding: 'took 20s' }],
    summary: 'the run missed its SLA run',
  });
});

describe('a regression', () => {
  const found: Regression = {
    task: 'b' as TaskId,
    seconds: 3.1,
    usual_seconds: 2.2,
    change: 0.409,
    compared_runs: 7,
    since: '20260105_120000_aaaa' as RunId,
    slower_runs: 2,
  };

  it('is told although the run was not slower on the whole', () => {
    expect(told(runOf(1, 3.1), [], [], [found])).toMatchObject({
      reasons: ['regression'],
      regressions: [{ task: 'b', change: 0.409, slower_runs: 2 }],
      summary:
        'the run has a task b that has become 41 % slower (3.1s instead of 2.2s), since run 20260105_120000_aaaa',
    });
  });

  it('is told once, and again when it gets worse', () => {
    const [record] = usually(20, 1);
    const before = { ...record!, regressions: [found] };
    expect(newRegressions([{ ...found, slower_runs: 3 }], [record!, before])).toEqual([]);
    const worse = { ...found, since: '20260109_120000_bbbb' as RunId };
    expect(newRegressions([worse], [before])).toEqual([worse]);
  });
});
