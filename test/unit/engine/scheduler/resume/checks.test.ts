import { describe, expect, test } from 'vitest';
import { fakeRun, resumedRun } from '../../../../support/fake-run.ts';

describe('when a run is resumed', () => {
  test('a gate that was open stays open, and is not asked again', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { gate: { after: ['a'], gate: true } } });
    run.exit('a');
    run.answer('gate');
    const resumed = resumedRun(run);
    expect(resumed.asked()).toEqual([]);
    expect(resumed.running()).toEqual(['b']);
  });

  test('a gate that was being asked is asked again, and nothing starts before its answer', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { gate: { after: ['a'], gate: true } } });
    run.exit('a');
    const resumed = resumedRun(run);
    expect(resumed.asked()).toEqual(['gate']);
    expect(resumed.running()).toEqual([]);
    resumed.answer('gate');
    expect(resumed.running()).toEqual(['b']);
  });

  test('what waited for a retry behind a gate that closes again starts over when the gate opens', () => {
    const tasks = { a: {}, b: { retry: { retries: 1 } } };
    const checks = { gate: { after: ['a'], before: ['b'] } };
    const run = fakeRun({ tasks, checks });
    run.exit('a');
    run.answer('gate');
    run.exit('b', 1);
    const edited = { ...tasks, a: { command: { kind: 'shell', script: 'edited' } as const } };
    const resumed = resumedRun(run, { pipeline: { tasks: edited, checks } });
    expect(resumed.summary()).toBe('a: running, b: waiting');
    resumed.exit('a');
    resumed.answer('gate');
    resumed.exit('b', 1);
    expect(resumed.stateOf('b')).toMatchObject({ kind: 'backing-off', attempt: 3 });
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test.each(['fail', 'error'] as const)(
    'a gate with the answer %s is asked again, and what it kept from running waits',
    (verdict) => {
      const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { gate: { after: ['a'], gate: true } } });
      run.exit('a');
      run.answer('gate', verdict);
      expect(run.status()).toBe('failed');
      const resumed = resumedRun(run);
      expect(resumed.fact).toMatchObject({
        recheck: ['gate'],
        decisions: { a: { kind: 'reused' }, b: { kind: 'not-run' } },
      });
      expect(resumed.summary()).toBe('a: succeeded, b: waiting');
      resumed.answer('gate');
      resumed.exit('b');
      expect(resumed.status()).toBe('success');
    },
  );

  test('a check keeps its answer as long as its tasks are not run again', () => {
    const checks = { ofA: { after: ['a'] }, ofB: { after: ['b'] } };
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {} }, checks });
    run.exit('a');
    run.answer('ofA', 'warn');
    run.exit('b');
    run.answer('ofB');
    const changed = { a: {}, b: { command: { kind: 'shell', script: 'new' } as const }, c: {} };
    const resumed = resumedRun(run, { pipeline: { tasks: changed, checks } });
    expect(resumed.fact.recheck).toEqual(['ofB']);
    expect(resumed.checkOf('ofA')).toMatchObject({ kind: 'done', result: { verdict: 'warn' } });
    resumed.exit('c');
    expect(resumed.asked()).toEqual([]);
    resumed.exit('b');
    expect(resumed.asked()).toEqual(['ofB']);
  });

  test('a check at the end is asked again when anything ran again, and otherwise only when it failed', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} }, checks: { good: {}, bad: {} } });
    run.exit('a');
    run.exit('b', 1);
    run.answer('good');
    run.answer('bad', 'fail');
    expect(resumedRun(run).fact.recheck).toEqual(['good', 'bad']);

    const wrong = fakeRun({ tasks: { a: {} }, checks: { good: {}, bad: {} } });
    wrong.exit('a');
    wrong.answer('good');
    wrong.answer('bad', 'fail');
    const resumed = resumedRun(wrong);
    expect(resumed.asked()).toEqual(['bad']);
    resumed.answer('bad');
    expect(resumed.status()).toBe('success');
  });

  test('what was about to start waits for a gate that asks something else now', () => {
    const tasks = { a: {}, b: { after: ['a'] } };
    const run = fakeRun({ tasks, checks: { gate: { after: ['a'], gate: true } } });
    run.pause();
    run.exit('a');
    run.answer('gate');
    expect(run.summary()).toBe('a: succeeded, b: ready');
    const resumed = resumedRun(run, {
      pipeline: { tasks, checks: { gate: { after: ['a'], gate: true, onFail: 'warn' } } },
    });
    expect(resumed.summary()).toBe('a: succeeded, b: waiting');
    expect(resumed.asked()).toEqual(['gate']);
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('without checks nothing is asked, and no gate holds anything back', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { gate: { after: ['a'], gate: true } } });
    run.exit('a');
    const resumed = resumedRun(run, { runChecks: false });
    expect(resumed.running()).toEqual(['b']);
    expect(resumed.asked()).toEqual([]);
  });
});
