import { expect, test } from 'vitest';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { RunState } from '../../../../src/engine/model/run/run-state.ts';
import { createWaitMeter } from '../../../../src/engine/scheduler/admission/measure-waits.ts';
import { evolve } from '../../../../src/engine/scheduler/state/evolve.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { type FakeRun, fakeRun, runOptions } from '../../../support/fake-run.ts';

/** What a meter says that gets the events of the run one after the other, each with the state after it. */
function waitsOf(run: FakeRun, options = {}) {
  const meter = createWaitMeter();
  let state: RunState = initialState(run.plan, runOptions(options));
  for (const event of run.events) {
    state = evolve(state, event);
    meter.onEvent(event, state);
  }
  return (task: string) => meter.times().get(task as TaskId);
}

test('a task that waits for others, then for a slot, has waited so long for each', () => {
  const run = fakeRun({ tasks: { first: {}, other: {}, last: { after: ['first'] } } }, { maxParallel: 2 });
  run.pass(1_000);
  run.take({ type: 'limit', maxParallel: 1 });
  run.exit('first');
  run.pass(3_000);
  run.exit('other');
  run.exit('last');
  const waits = waitsOf(run, { maxParallel: 2 });
  expect(waits('last')).toEqual({ dependency: 1_000, slot: 3_000 });
  expect(waits('first')).toBeUndefined();
});

test('the time until a gate has passed is a wait for a check', () => {
  const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { rows: { after: ['a'], gate: true } } });
  run.pass(500);
  run.exit('a');
  run.pass(700);
  run.answer('rows');
  run.exit('b');
  expect(waitsOf(run)('b')).toEqual({ dependency: 500, check: 700 });
});

test('back-off, a pause and a full pool are told apart', () => {
  const run = fakeRun({
    pools: { api: 1 },
    tasks: { a: { pools: ['api'], retry: { retries: 1, initialMs: 400 } }, b: { pools: ['api'] } },
  });
  run.pass(2_000);
  run.exit('a', 1);
  run.pause();
  run.fire('retry', 'a');
  run.pass(600);
  run.resume();
  run.exit('b');
  const waits = waitsOf(run);
  expect(waits('b')).toEqual({ pool: 2_000 });
  expect(waits('a')).toEqual({ backoff: 400, paused: 600 });
});

test('waiting for something outside the run and for an answer are told apart, also between retries', () => {
  const command = { kind: 'shell', script: './is-newer' } as const;
  const waitFor = { for: { kind: 'file', path: 'in.csv' }, everyMs: 10, timeoutMs: 9_000, onTimeout: 'fail' } as const;
  const onlyIf = { command, otherwise: 'continue' } as const;
  const retry = { retries: 1, initialMs: 400 };
  const run = fakeRun({ tasks: { a: {}, b: { after: ['a'], waitFor, onlyIf, retry } } });
  run.pass(500);
  run.exit('a');
  run.pass(3_000);
  run.arrive('b');
  run.pass(200);
  run.answerNeed('b', 'none');
  run.fire('retry', 'b');
  run.pass(100);
  run.answerNeed('b', 'needed');
  expect(waitsOf(run)('b')).toEqual({ dependency: 500, awaited: 3_000, asking: 300, backoff: 400 });
});

test('a meter that is asked before the end gives what has been waited so far', () => {
  const meter = createWaitMeter();
  expect(meter.times().size).toBe(0);
  meter.onEvent({ type: 'run.paused', at: 5 as EpochMs }, fakeRun({ tasks: { a: {} } }).state());
  expect(meter.times().size).toBe(0);
});
