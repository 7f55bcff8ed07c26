import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../../../src/engine/model/run/check-result.ts';
import { fakeRun } from '../../../support/fake-run.ts';

const gated = {
  tasks: { load: {}, mart: { after: ['load'] }, report: { after: ['mart'] } },
  checks: { gate: { after: ['load'], gate: true }, whole: {} },
};

describe('a check that is run again', () => {
  test.each(['pass', 'warn', 'fail', 'error'] as const)('after the verdict %s gives its new verdict', (verdict) => {
    const run = fakeRun({ tasks: { load: {}, other: {} }, checks: { rows: { after: ['load'] } } });
    run.exit('load');
    run.answer('rows', verdict);
    expect(run.recheck('rows')).toBeUndefined();
    expect(run.asked()).toEqual(['rows', 'rows']);
    run.answer('rows', 'pass');
    run.exit('other');
    expect(run.status()).toBe('success');
  });

  test('takes a finished run up again, runs no task, and ends it with the new verdict', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'] }, whole: {} } });
    run.exit('load');
    run.answer('rows', 'fail');
    run.answer('whole', 'pass');
    expect(run.status()).toBe('failed');
    const before = run.events.length;
    run.recheck('rows');
    run.answer('rows', 'pass');
    expect(run.events.slice(before).map(({ type }) => type)).toEqual([
      'run.reopened',
      'check.reset',
      'check.started',
      'check.finished',
      'run.finished',
    ]);
    expect(run.asked()).toEqual(['rows', 'whole', 'rows']);
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('at the end of the run is asked without the others', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { one: {}, two: {} } });
    run.exit('load');
    run.answer('one', 'fail');
    expect(run.recheck('one')).toBeUndefined();
    run.answer('two', 'fail');
    run.answer('one', 'pass');
    run.recheck('two');
    run.answer('two', 'pass');
    expect(run.asked()).toEqual(['one', 'two', 'one', 'two']);
    expect(run.status()).toBe('success');
  });

  test('is left alone when the run is cancelled meanwhile', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'] } } });
    run.exit('load');
    run.answer('rows', 'fail');
    run.recheck('rows');
    run.cancel();
    expect(run.status()).toBe('cancelled');
    run.answer('rows', 'pass');
    expect(run.checkOf('rows')).toMatchObject({ kind: 'done', result: { verdict: 'pass' } });
  });

  test('runs in a run that was cancelled before it had come to it', () => {
    const run = fakeRun({ tasks: { load: {}, slow: {} }, checks: { whole: {} } });
    run.exit('load');
    run.cancel();
    run.exit('slow', 143);
    expect(run.recheck('whole')).toBeUndefined();
    run.answer('whole', 'pass');
    expect(run.checkOf('whole').kind).toBe('done');
    expect(run.status()).toBe('failed');
  });
});

describe('a gate that is run again', () => {
  function closed(): ReturnType<typeof fakeRun> {
    const run = fakeRun(gated);
    run.exit('load');
    run.answer('gate', 'fail');
    run.answer('whole', 'pass');
    expect(run.summary()).toBe('load: succeeded, mart: upstream-failed, report: upstream-failed');
    return run;
  }

  test('and passes lets the tasks behind it go on', () => {
    const run = closed();
    run.recheck('gate');
    expect(run.summary()).toBe('load: succeeded, mart: waiting, report: waiting');
    run.answer('gate', 'pass');
    expect(run.running()).toEqual(['mart']);
    run.exit('mart');
    run.exit('report');
    run.answer('whole', 'pass');
    expect(run.status()).toBe('success');
  });

  test('and fails again keeps them from running', () => {
    const run = closed();
    run.recheck('gate');
    run.answer('gate', 'error');
    run.answer('whole', 'pass');
    expect(run.summary()).toBe('load: succeeded, mart: upstream-failed, report: upstream-failed');
    expect(run.status()).toBe('failed');
  });

  test('and had passed holds back what was about to start behind it', () => {
    const run = fakeRun(gated);
    run.pause();
    run.exit('load');
    run.answer('gate', 'pass');
    expect(run.stateOf('mart').kind).toBe('ready');
    run.recheck('gate');
    run.resume();
    expect(run.stateOf('mart').kind).toBe('waiting');
    run.answer('gate', 'warn');
    expect(run.running()).toEqual(['mart']);
  });

  test('leaves alone what another gate or a failed task keeps from running', () => {
    const run = fakeRun({
      tasks: { load: {}, other: {}, mart: { after: ['load', 'other'] }, own: { after: ['load'] } },
      checks: { gate: { after: ['load'], gate: true } },
    });
    run.exit('other', 1);
    run.exit('load');
    run.answer('gate', 'fail');
    run.recheck('gate');
    run.answer('gate', 'pass');
    expect(run.summary()).toBe('load: succeeded, other: failed, mart: upstream-failed, own: running');
    expect(run.stateOf('mart')).toEqual({ kind: 'upstream-failed', because: 'other' });
  });
});

describe('a check is not run again', () => {
  function refusals(
    bring: (run: ReturnType<typeof fakeRun>) => void,
    runChecks = true,
  ): readonly (string | undefined)[] {
    const run = fakeRun(gated, { runChecks });
    bring(run);
    const before = run.state();
    const all = [run.recheck('gate'), run.recheck('whole')];
    if (all.every((one) => one !== undefined)) expect(run.state()).toBe(before);
    return all;
  }
  const answered = (verdict: CheckVerdict) => (run: ReturnType<typeof fakeRun>) => {
    run.exit('load');
    run.answer('gate', verdict);
  };

  test.each([
    [
      'before its tasks are done',
      () => {},
      ['check gate has not run: a task before it has not finished', 'check whole has not run yet'],
    ],
    [
      'while it runs',
      (run: ReturnType<typeof fakeRun>) => run.exit('load'),
      ['check gate is running', 'check whole has not run yet'],
    ],
    [
      'while a task behind it runs',
      answered('pass'),
      ['task mart is running after it; cancel it first', 'check whole has not run yet'],
    ],
    [
      'while the run is being cancelled',
      (run: ReturnType<typeof fakeRun>) => {
        answered('pass')(run);
        run.cancel();
      },
      Array(2).fill('the run is being cancelled; wait until it ends'),
    ],
  ])('%s', (_, bring, expected) => {
    expect(refusals(bring)).toEqual(expected);
  });

  test('with checks turned off, nor under a name that no check has', () => {
    expect(refusals(() => {}, false)).toEqual(Array(2).fill('checks are off in this run'));
    expect(fakeRun(gated).recheck('gone')).toBe('the run has no check gone');
  });
});
