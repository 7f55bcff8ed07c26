import { describe, expect, test } from 'vitest';
import { fakeRun } from '../../../support/fake-run.ts';
import { gigabyte, sampled } from '../../../support/take-sample.ts';

const machine = { cores: 4, memoryBytes: 16 * gigabyte };
const auto = { auto: true, machine, maxParallel: 16 } as const;

function tasksOf<Sketch>(count: number, sketch: Sketch): Record<string, Sketch> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, sketch]));
}

describe('processors', () => {
  test('of tasks with unknown needs an automatic run starts as many as there are cores below the limit', () => {
    const run = fakeRun({ tasks: tasksOf(10, {}) }, auto);
    expect(run.running()).toHaveLength(4);
    expect(run.why('t9')).toBe('all cores are in use by 4 tasks');
  });

  test('a number is a cap: before anything was measured that many start', () => {
    expect(fakeRun({ tasks: tasksOf(10, {}) }, { maxParallel: 8 }).running()).toHaveLength(8);
  });

  test('tasks that were measured to wait leave room for all others', () => {
    const run = fakeRun({ tasks: tasksOf(12, {}) }, auto);
    const uses = { t0: [0.01, 0.1], t1: [0.01, 0.1], t2: [0.01, 0.1], t3: [0.01, 0.1] } as const;
    for (let second = 1; second <= 3; second += 1) {
      sampled(run, { uses, ours: { cpu: 0.04, taskCpuSeconds: 0.1 * second, taskSeconds: 6 * second } });
    }
    expect(run.running()).toHaveLength(12);
  });

  test('tasks that keep their cores busy hold back those that need CPU, and let those pass that wait for a network', () => {
    const run = fakeRun({ tasks: { ...tasksOf(6, { cpu: 1 }), fetch: { cpu: 0.02 } } }, auto);
    expect(run.running()).toEqual(['t0', 't1', 't2', 't3', 'fetch']);
    expect(run.why('t5')).toBe('all cores are in use by 5 tasks');
    run.exit('t0');
    expect(run.running()).toEqual(['t1', 't2', 't3', 't4', 'fetch']);
  });

  test('beside a program that takes most of the processors only the free share of the cores is used, and at least one', () => {
    const run = fakeRun({ tasks: tasksOf(6, { cpu: 1 }) }, { maxParallel: 1 });
    run.limit(6);
    expect(run.running()).toHaveLength(6);
    const uses = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`t${index}`, [0.2, 0] as const]));
    sampled(run, { uses, cpu: 1, ours: { cpu: 1.2, taskCpuSeconds: 1, taskSeconds: 1 } });
    for (const task of ['t0', 't1', 't2', 't3', 't4']) run.exit(task);
    expect(run.running()).toEqual(['t5']);
  });

  test('programs that want all cores are not taken for small ones because our tasks left them little', () => {
    const run = fakeRun({ tasks: tasksOf(9, { cpu: 1 }) }, auto);
    expect(run.running()).toHaveLength(4);
    const uses = Object.fromEntries(run.running().map((task) => [task, [0.7, 0] as const]));
    sampled(run, { uses, cpu: 1, othersRunnable: 4, ours: { cpu: 2.8, taskCpuSeconds: 1, taskSeconds: 1 } });
    for (const task of ['t0', 't1', 't2']) run.exit(task);
    expect(run.running()).toEqual(['t3']);
    run.exit('t3');
    expect(run.running()).toEqual(['t4']);
  });

  test('threads of others that wake now and then take no cores from a run that keeps the machine busy alone', () => {
    const run = fakeRun({ tasks: tasksOf(9, { cpu: 1 }) }, auto);
    const uses = Object.fromEntries(run.running().map((task) => [task, [0.97, 0] as const]));
    sampled(run, { uses, cpu: 1, othersRunnable: 3, ours: { cpu: 3.88, taskCpuSeconds: 1, taskSeconds: 1 } });
    run.exit('t0');
    expect(run.running()).toEqual(['t1', 't2', 't3', 't4']);
  });

  test('the reason names the share of other programs', () => {
    const run = fakeRun({ tasks: tasksOf(6, { cpu: 1 }) }, auto);
    const uses = { t0: [0.3, 0], t1: [0.3, 0], t2: [0.3, 0], t3: [0.3, 0] } as const;
    sampled(run, { uses, cpu: 1, ours: { cpu: 1.2, taskCpuSeconds: 1, taskSeconds: 1 } });
    expect(run.why('t5')).toBe('CPU 100 % > 80 %, 70 % by other programs');
  });
});

describe('memory', () => {
  test('above its limit two tasks run, above 95 % none starts, and one always may', () => {
    const run = fakeRun({ tasks: tasksOf(6, { cpu: 0 }) }, { maxParallel: 1 });
    sampled(run, { memory: 0.9 });
    run.limit(6);
    expect(run.running()).toHaveLength(2);
    expect(run.why('t5')).toBe('memory 90 % > 85 %');
    sampled(run, { memory: 0.97 });
    run.exit('t0');
    expect(run.running()).toEqual(['t1']);
    run.exit('t1');
    expect(run.running()).toEqual(['t2']);
  });

  test('a limit is lifted a few seconds after the memory is free again, and not by a usage just below it', () => {
    const run = fakeRun({ tasks: tasksOf(6, { cpu: 0 }) }, { maxParallel: 1 });
    sampled(run, { memory: 0.9 });
    run.limit(6);
    for (let second = 0; second < 5; second += 1) sampled(run, { memory: 0.84 });
    expect(run.running()).toHaveLength(2);
    sampled(run, { memory: 0.9 });
    sampled(run, { memory: 0.5 });
    expect(run.running()).toHaveLength(6);
  });

  test('a task starts only where what it declares fits, and its share stays reserved until it uses it', () => {
    const run = fakeRun({ tasks: tasksOf(4, { cpu: 0, memoryBytes: 4 * gigabyte }) }, auto);
    expect(run.running()).toHaveLength(4);
    const bounded = fakeRun({ tasks: tasksOf(5, { cpu: 0, memoryBytes: 4 * gigabyte }) }, { maxParallel: 1 });
    sampled(bounded, { uses: { t0: [0, 0.1] } });
    bounded.limit(5);
    // 85 % of 16 GB are 13.6 GB.
    expect(bounded.running()).toEqual(['t0', 't1', 't2']);
    expect(bounded.why('t3')).toBe('needs 4 GB of memory, 1.6 GB free');
    sampled(bounded, { uses: { t0: [0, 0.1], t1: [0, 0.2], t2: [0, 3] } });
    expect(bounded.running()).toEqual(['t0', 't1', 't2']);
    bounded.exit('t0');
    expect(bounded.running()).toEqual(['t1', 't2', 't3']);
  });

  test('a task with little need does not take the memory that one before it waits for', () => {
    const run = fakeRun(
      {
        tasks: {
          first: { cpu: 0, memoryBytes: 8 * gigabyte },
          large: { cpu: 0, memoryBytes: 8 * gigabyte },
          small: { cpu: 0, memoryBytes: gigabyte },
          none: { cpu: 0 },
        },
      },
      { maxParallel: 1 },
    );
    sampled(run, { uses: { first: [0, 0] } });
    run.limit(4);
    expect(run.running()).toEqual(['first', 'none']);
    expect(run.why('small')).toBe('the next free memory is for large');
  });

  test('a task that needs more than there is runs alone', () => {
    const run = fakeRun({ tasks: { a: {}, huge: { memoryBytes: 64 * gigabyte, after: ['a'] } } }, { maxParallel: 4 });
    sampled(run, {});
    run.exit('a');
    expect(run.running()).toEqual(['huge']);
  });

  test('what running tasks were seen to hold is expected of tasks with unknown needs', () => {
    const run = fakeRun({ tasks: tasksOf(8, { cpu: 0 }) }, { maxParallel: 2 });
    sampled(run, { uses: { t0: [0, 4], t1: [0, 4] } });
    run.limit(8);
    expect(run.running()).toEqual(['t0', 't1', 't2']);
  });
});

test('without enough free disk no new tasks start, and the reason says for what', () => {
  const run = fakeRun({ tasks: tasksOf(4, {}) }, { maxParallel: 1 });
  const plan = run.state().plan.pipeline.limits;
  expect(plan.diskFreeBytes).toBe(0);
  const strict = fakeRun({ tasks: tasksOf(4, {}), limits: { diskFreeBytes: gigabyte } }, { maxParallel: 1 });
  sampled(strict, { disks: [{ role: 'logs', freeBytes: 0.5 * gigabyte }] });
  strict.limit(4);
  expect(strict.running()).toEqual(['t0']);
  expect(strict.why('t1')).toBe('512 MB free on the disk of the logs, less than 1 GB');
  strict.exit('t0');
  expect(strict.running()).toEqual(['t1']);
});

test('connections that others hold are not given to tasks', () => {
  const run = fakeRun({ tasks: tasksOf(6, { cpu: 0, connections: 5 }) }, { maxParallel: 1, connectionBudget: 24 });
  sampled(run, { connections: { used: 15, limit: 30, ours: 5 } });
  run.limit(6);
  // 80 % of 30 are 24, minus 10.
  expect(run.running()).toEqual(['t0', 't1']);
  expect(run.why('t2')).toBe('needs 5 connections, 4 of 14 free: t0 holds 5, t1 5, others 10');
});

test('what tasks needed in earlier runs counts where their author says nothing', () => {
  const needs = { t0: { cpu: 2 }, t1: { cpu: 2 }, t2: { cpu: 2 }, t3: { cpu: 0.01 } };
  const run = fakeRun({ tasks: tasksOf(4, {}) }, { ...auto, needs });
  expect(run.running()).toEqual(['t0', 't1', 't3']);
});

test('only a change is recorded, and the events alone give the same state', () => {
  const run = fakeRun({ tasks: tasksOf(4, { cpu: 1 }) }, auto);
  const uses = { t0: [1, 1], t1: [0.98, 1], t2: [1, 1], t3: [0.97, 1] } as const;
  for (let second = 0; second < 20; second += 1) sampled(run, { uses });
  const changes = run.events.filter(({ type }) => type === 'capacity.changed');
  expect(changes.length).toBeLessThan(4);
  expect(run.replayed()).toEqual(run.state());
});

test('after a task has failed, the limits still hold', () => {
  const run = fakeRun({ tasks: tasksOf(6, { cpu: 0 }) }, { maxParallel: 1 });
  sampled(run, { memory: 0.9 });
  run.limit(6);
  run.exit('t0', 1);
  expect(run.running()).toEqual(['t1', 't2']);
});
