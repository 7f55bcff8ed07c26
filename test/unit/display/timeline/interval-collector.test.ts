import { expect, test } from 'vitest';
import { createIntervalCollector } from '../../../../src/display/timeline/interval-collector.ts';
import type { EpochMs, RunEvent } from '../../../../src/engine/index.ts';
import { planOf } from '../../ui/support/half-way-run.ts';

const plan = planOf('version: 1\nname: two\ntasks: { a: { command: "true" }, b: { command: "true" } }');

type Told = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, 'at'> : never) : never;

function collect(...told: readonly (readonly [at: number, event: Told])[]) {
  const spans = createIntervalCollector([plan]);
  for (const [at, event] of told) spans.add({ ...event, at: at as EpochMs } as RunEvent);
  return spans;
}

const a = 'a' as never;
const b = 'b' as never;
const cause = { kind: 'exit-code', code: 3 } as const;

test('an attempt that failed, the back-off, and the one that succeeded are collected', () => {
  const spans = collect(
    [0, { type: 'task.ready', task: a, attempt: 1 }],
    [2, { type: 'task.started', task: a, attempt: 1 }],
    [5, { type: 'task.backing-off', task: a, attempt: 2, retryAt: 8 as EpochMs, cause }],
    [8, { type: 'task.ready', task: a, attempt: 2 }],
    [9, { type: 'task.started', task: a, attempt: 2 }],
    [12, { type: 'task.finished', task: a, outcome: { kind: 'succeeded', attempt: 2 } }],
  );
  expect(spans.ofTask(0)).toEqual([
    { task: 0, attempt: 1, startedAt: 0, endedAt: 2, kind: 'waiting' },
    { task: 0, attempt: 1, startedAt: 2, endedAt: 5, kind: 'failed', cause },
    { task: 0, attempt: 2, startedAt: 5, endedAt: 8, kind: 'waiting' },
    { task: 0, attempt: 2, startedAt: 8, endedAt: 9, kind: 'waiting' },
    { task: 0, attempt: 2, startedAt: 9, endedAt: 12, kind: 'succeeded' },
  ]);
});

test('tasks are in the order of their first start, and only once they have started', () => {
  const spans = collect(
    [0, { type: 'task.ready', task: a, attempt: 1 }],
    [0, { type: 'task.ready', task: b, attempt: 1 }],
    [1, { type: 'task.started', task: b, attempt: 1 }],
    [3, { type: 'task.finished', task: b, outcome: { kind: 'failed', attempt: 1, cause } }],
  );
  expect(spans.started.map(({ task }) => task)).toEqual([1]);
  spans.add({ type: 'task.started', task: a, attempt: 1, at: 4 as EpochMs });
  spans.add({ type: 'task.reset', task: b, at: 5 as EpochMs });
  spans.add({ type: 'task.ready', task: b, attempt: 2, at: 5 as EpochMs });
  spans.add({ type: 'task.started', task: b, attempt: 2, at: 6 as EpochMs });
  expect(spans.started.map(({ task }) => task)).toEqual([1, 0]);
  expect(spans.ofTask(1).map(({ kind }) => kind)).toEqual(['waiting', 'failed', 'waiting', 'running']);
});

test('a task that ends without having run has no attempt', () => {
  const spans = collect(
    [0, { type: 'task.ready', task: a, attempt: 1 }],
    [4, { type: 'task.finished', task: a, outcome: { kind: 'skipped' } }],
  );
  expect(spans.started).toEqual([]);
  expect(spans.ofTask(0)).toMatchObject([{ kind: 'waiting', endedAt: 4 }]);
});

test('an attempt whose process died ends with it, and the tasks move to their places in the plan that holds next', () => {
  const next = planOf('version: 1\nname: two\ntasks: { b: { command: "true" } }');
  const spans = createIntervalCollector([plan, next]);
  const add = (at: number, event: Told) => spans.add({ ...event, at: at as EpochMs } as RunEvent);
  for (const task of [a, b]) {
    add(0, { type: 'task.ready', task, attempt: 1 });
    add(1, { type: 'task.started', task, attempt: 1 });
  }
  add(90, {
    type: 'run.continued',
    plan: 2,
    stoppedAt: 7 as EpochMs,
    planHash: next.hash,
    maxParallel: 1,
    sequential: false,
    tasks: 1,
    decisions: { b: { kind: 'interrupted', attempt: 1 } },
  });
  add(91, { type: 'task.started', task: b, attempt: 2 });
  expect(spans.started.map(({ task }) => task)).toEqual([0]);
  expect(spans.ofTask(0)).toMatchObject([
    { kind: 'waiting', task: 0 },
    { kind: 'cancelled', task: 0, startedAt: 1, endedAt: 7 },
    { kind: 'running', task: 0, startedAt: 91 },
  ]);
  expect(spans.ofTask(1)).toEqual([]);
});

test('an attempt that goes on elsewhere when its run is resumed is one', () => {
  const spans = collect(
    [0, { type: 'task.ready', task: a, attempt: 1 }],
    [1, { type: 'task.started', task: a, attempt: 1 }],
    [
      9,
      {
        type: 'run.continued',
        plan: 1,
        stoppedAt: 3 as EpochMs,
        planHash: plan.hash,
        tasks: 2,
        maxParallel: 2,
        sequential: false,
        decisions: { a: { kind: 'adopted', attempt: 1 } },
      },
    ],
    [12, { type: 'task.finished', task: a, outcome: { kind: 'succeeded', attempt: 1 } }],
  );
  expect(spans.ofTask(0)).toEqual([
    { task: 0, attempt: 1, startedAt: 0, endedAt: 1, kind: 'waiting' },
    { task: 0, attempt: 1, startedAt: 1, endedAt: 12, kind: 'succeeded' },
  ]);
});

test('an attempt on another host names it, and the wait before it does not', () => {
  const spans = collect(
    [0, { type: 'task.ready', task: a, attempt: 1 }],
    [1, { type: 'task.started', task: a, attempt: 1, host: 'anna-1' as never }],
  );
  expect(spans.ofTask(0).map(({ kind, host }) => [kind, host])).toEqual([
    ['waiting', undefined],
    ['running', 'anna-1'],
  ]);
});

test('an attempt whose end was told late ends when it did', () => {
  const endedAt = 6 as EpochMs;
  const spans = collect(
    [0, { type: 'task.started', task: a, attempt: 1 }],
    [0, { type: 'task.started', task: b, attempt: 1 }],
    [26, { type: 'task.backing-off', task: a, attempt: 2, retryAt: 28 as EpochMs, cause, endedAt }],
    [26, { type: 'task.finished', task: b, outcome: { kind: 'succeeded', attempt: 1 }, endedAt }],
  );
  expect(spans.ofTask(0)).toMatchObject([
    { startedAt: 0, endedAt: 6, kind: 'failed' },
    { startedAt: 26, kind: 'waiting' },
  ]);
  expect(spans.ofTask(1)).toMatchObject([{ startedAt: 0, endedAt: 6, kind: 'succeeded' }]);
});
