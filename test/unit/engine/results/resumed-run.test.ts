import { expect, test } from 'vitest';
import type { EpochMs, LevelId } from '../../../../src/engine/model/ids.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { performanceRecord } from '../../../../src/engine/results/files/performance-record.ts';
import { taskResult } from '../../../../src/engine/results/files/task-result.ts';
import { heldSeconds } from '../../../../src/engine/results/handoffs/usual-run.ts';
import { createSlaMeter } from '../../../../src/engine/results/slas/sla-meter.ts';
import { createWaitMeter } from '../../../../src/engine/scheduler/admission/measure-waits.ts';
import { replay } from '../../../../src/engine/scheduler/state/replay.ts';
import { fakeRun, noon, resumedRun } from '../../../support/fake-run.ts';

/** Ten seconds until its process died, a minute without one, five seconds after. */
function resumed() {
  const run = fakeRun({ tasks: { a: {}, b: {}, c: { after: ['b'] } }, slas: { runMs: 60_000 } }, { maxParallel: 2 });
  run.pass(4_000);
  run.exit('a');
  run.pass(6_000);
  const second = resumedRun(run);
  second.pass(3_000);
  second.exit('b');
  second.pass(2_000);
  second.exit('c');
  return second;
}

const silent = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => undefined };

test('the time without a process counts neither for the run nor for its tasks', () => {
  const run = resumed();
  const record = performanceRecord(run.state(), run.journal(), silent, run.now());
  expect(record).toMatchObject({ total_duration_seconds: 15, active_seconds: 15, task_seconds: 19, resumed: 1 });
  // What is made of the results leaves it out of the duration of a level.
  expect(record.away).toEqual([{ from: '2026-01-05T12:00:10.000Z', to: '2026-01-05T12:01:10.000Z' }]);
  expect(record.results).toMatchObject([
    { task: 'a', duration_seconds: 4, attempts: 1, resumed: 'reused' },
    { task: 'b', duration_seconds: 3, attempts: 2, resumed: 're-run: attempt 1 was interrupted' },
    { task: 'c', duration_seconds: 2, attempts: 1 },
  ]);
  expect(heldSeconds(run.journal())).toBe(60);
});

test('nor is it measured against SLAs, or waited for', () => {
  const run = resumed();
  const [meter, waits] = [createSlaMeter(run.plan), createWaitMeter()];
  const each = (event: RunEvent) => meter.onEvent(event);
  for (const event of run.journal()) each(event);
  expect(meter.reading(run.now())).toMatchObject({ runMs: 15_000, personMs: 0, activeMs: 15_000 });
  replay(run.plan, run.startedWith, run.journal(), waits.onEvent);
  expect(waits.times().get('c' as never)).toEqual({ dependency: 3_000 });
});

test('an attempt that went on meanwhile took all of its time, and was one', () => {
  const run = fakeRun({ tasks: { a: {}, b: {} }, slas: { runMs: 60_000 } });
  run.pass(4_000);
  run.exit('a');
  run.pass(6_000);
  const second = resumedRun(run, { runsElsewhere: true });
  second.pass(3_000);
  second.exit('b');
  const record = performanceRecord(second.state(), second.journal(), silent, second.now());
  expect(record).toMatchObject({ total_duration_seconds: 73, active_seconds: 73, task_seconds: 77, resumed: 1 });
  expect(record.away).toBeUndefined();
  expect(record.results).toMatchObject([
    { task: 'a', duration_seconds: 4, attempts: 1, resumed: 'reused' },
    { task: 'b', duration_seconds: 73, attempts: 1, resumed: 'attempt 1 goes on' },
  ]);
  expect(heldSeconds(second.journal())).toBe(0);
  const meter = createSlaMeter(second.plan);
  for (const event of second.journal()) meter.onEvent(event);
  expect(meter.reading(second.now())).toMatchObject({ runMs: 73_000, activeMs: 73_000, busyMs: 77_000 });
});

test('an attempt that ended while nobody carried the run out took the time until then', () => {
  const run = fakeRun({ tasks: { a: { retry: { retries: 1 } }, b: {} } });
  run.pass(10_000);
  const second = resumedRun(run, { runsElsewhere: true });
  second.pass(1_000);
  second.exit('b', 0, { endedAt: (noon + 16_000) as EpochMs });
  second.exit('a', 1, { endedAt: (noon + 12_000) as EpochMs });
  second.fire('retry', 'a');
  second.pass(5_000);
  // The next attempt is one of this process.
  second.exit('a', 0, { endedAt: (noon + 20_000) as EpochMs });
  const record = performanceRecord(second.state(), second.journal(), silent, second.now());
  const ofA = (second.now() - noon) / 1_000;
  expect(record).toMatchObject({ task_seconds: 12 + 5 + 16, active_seconds: 16 + 5 });
  expect(record.results).toMatchObject([
    { task: 'a', duration_seconds: ofA, attempts: 2 },
    { task: 'b', duration_seconds: 16, completed_at: '2026-01-05T12:00:16.000Z' },
  ]);
  expect(second.replayed()).toEqual(second.state());
});

test('a level was over when the last of its attempts ended, however late that was told', () => {
  const levels = { load: ['a', 'b'], marts: ['c'] };
  const slas = { levelsMs: new Map([['load' as LevelId, 60_000]]) };
  const run = fakeRun({ tasks: { a: {}, b: {}, c: { after: ['a', 'b'] } }, levels, slas });
  run.pass(10_000);
  const second = resumedRun(run, { runsElsewhere: true });
  second.exit('a', 0, { endedAt: (noon + 16_000) as EpochMs });
  second.exit('b', 0, { endedAt: (noon + 12_000) as EpochMs });
  const meter = createSlaMeter(second.plan);
  for (const event of second.journal()) meter.onEvent(event);
  expect(meter.reading(second.now()).levels).toEqual(new Map([['load', 16_000]]));
});

test('an end that another clock puts before the start is the start', () => {
  const second = resumedRun(fakeRun({ tasks: { a: {} } }), { runsElsewhere: true });
  second.exit('a', 0, { endedAt: (noon - 5_000) as EpochMs });
  expect(taskResult(second.state(), 0, silent, 100)).toMatchObject({ duration_seconds: 0 });
});
