import { describe, expect, test } from 'vitest';
import { fakeRun } from '../../../support/fake-run.ts';

const checks = { rows: { after: ['load'], gate: true, retries: 2 } };
const tasks = { load: {}, mart: { after: ['load'] } };

describe('a check that gets no answer', () => {
  test('is asked again after its delay, and what waits for it goes on', () => {
    const run = fakeRun({ tasks, checks });
    run.exit('load');
    run.answerNothing('rows');
    expect(run.checkOf('rows')).toMatchObject({ kind: 'backing-off', attempt: 2, result: { summary: 'no answer' } });
    expect(run.asked()).toEqual(['rows']);
    expect(run.why('mart')).toBe('waits for check rows');
    run.fire('check-retry', 'rows');
    expect(run.asked()).toEqual(['rows', 'rows']);
    run.answer('rows');
    run.exit('mart');
    expect(run.checkOf('rows')).toMatchObject({ kind: 'done', result: { verdict: 'pass', attempts: 2 } });
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('waits longer each time, and has an error when its retries are used up', () => {
    const run = fakeRun({ tasks, checks });
    run.exit('load');
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const before = run.now();
      run.answerNothing('rows');
      run.fire('check-retry', 'rows');
      delays.push(run.now() - before);
    }
    run.answerNothing('rows');
    expect(delays).toEqual([1_000, 2_000]);
    expect(run.checkOf('rows')).toMatchObject({ kind: 'done', result: { verdict: 'error', attempts: 3 } });
    expect(run.stateOf('mart')).toMatchObject({ kind: 'upstream-failed', because: 'rows' });
    expect(run.status()).toBe('failed');
  });

  test('keeps the run from ending until it has its answer', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { whole: { retries: 1 } } });
    run.exit('load');
    run.answerNothing('whole');
    expect(run.status()).toBeUndefined();
    run.fire('check-retry', 'whole');
    run.answer('whole');
    expect(run.status()).toBe('success');
  });

  test('is not asked again when its error will stay, or when it has failed', () => {
    for (const verdict of ['error', 'fail'] as const) {
      const run = fakeRun({ tasks, checks });
      run.exit('load');
      run.answer('rows', verdict);
      expect(run.checkOf('rows').kind).toBe('done');
    }
  });

  test('is asked at once when a person asks, and its timer changes nothing then', () => {
    const run = fakeRun({ tasks, checks });
    run.exit('load');
    run.answerNothing('rows');
    expect(run.recheck('rows')).toBeUndefined();
    expect(run.asked()).toEqual(['rows', 'rows']);
    const state = run.state();
    run.fire('check-retry', 'rows');
    expect(run.state()).toBe(state);
  });

  test('keeps its error when the run is cancelled meanwhile, and runs again when the run is taken up', () => {
    const run = fakeRun({ tasks, checks });
    run.exit('load');
    run.answerNothing('rows');
    run.cancel();
    expect(run.status()).toBe('cancelled');
    expect(run.checkOf('rows')).toMatchObject({ kind: 'done', result: { verdict: 'error' } });
    run.fire('check-retry', 'rows');
    expect(run.asked()).toEqual(['rows']);
    expect(run.recheck('rows')).toBeUndefined();
    run.answer('rows');
    expect(run.checkOf('rows')).toMatchObject({ kind: 'done', result: { verdict: 'pass' } });
    expect(run.replayed()).toEqual(run.state());
  });

  test('is asked anew when its task runs again; the timer of before changes nothing', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'], retries: 2 }, other: {} } });
    run.exit('load');
    run.answerNothing('rows');
    run.retry('load');
    expect(run.checkOf('rows').kind).toBe('waiting');
    run.fire('check-retry', 'rows');
    expect(run.checkOf('rows').kind).toBe('waiting');
    run.exit('load');
    expect(run.checkOf('rows')).toEqual({ kind: 'running', attempt: 1 });
  });

  test('holds its place in a sequential run', () => {
    const run = fakeRun({ tasks: { load: {}, mart: { after: ['load'] }, other: {} }, checks }, { sequential: true });
    while (run.stateOf('load').kind !== 'succeeded') run.exit(run.running()[0]!);
    run.answerNothing('rows');
    expect(run.running()).toEqual([]);
  });
});
