import { describe, expect, test } from 'vitest';
import { fakeRun } from '../../../support/fake-run.ts';

describe('when a critical task fails finally', () => {
  const tasks = {
    core: { critical: true },
    mart: { after: ['core'] },
    long: {},
    later: { after: ['long'] },
  };

  test('no new tasks start, what runs finishes, and the rest ends with the run', () => {
    const run = fakeRun({ tasks });
    run.exit('core', 1);
    expect(run.summary()).toBe('core: failed, mart: upstream-failed, long: running, later: cancelled');
    expect(run.stateOf('later')).toEqual({
      kind: 'cancelled',
      reason: 'the critical task core failed',
      withRun: true,
    });
    run.exit('long');
    expect(run.stateOf('long').kind).toBe('succeeded');
    expect(run.state().phase).toEqual({
      kind: 'finished',
      status: 'failed',
      reason: { kind: 'critical', task: 'core' },
    });
  });

  test('its retries are used first', () => {
    const run = fakeRun({ tasks: { core: { critical: true, retry: { retries: 1 } }, other: {} } });
    run.exit('core', 1);
    expect(run.state().phase.kind).toBe('running');
  });

  test('an attempt of another task that fails during draining is the last of that task', () => {
    const run = fakeRun({ tasks: { core: { critical: true }, flaky: { retry: { retries: 9 } } } });
    run.exit('core', 1);
    run.exit('flaky', 1);
    expect(run.stateOf('flaky').kind).toBe('failed');
    expect(run.status()).toBe('failed');
  });

  test('rerunning it resumes all tasks that were stopped', () => {
    const run = fakeRun({ tasks });
    run.exit('core', 1);
    expect(run.retry('core')).toBeUndefined();
    expect(run.summary()).toBe('core: running, mart: waiting, long: running, later: waiting');
    for (const task of ['core', 'mart', 'long', 'later']) run.exit(task);
    expect(run.status()).toBe('success');
  });

  test('rerunning it after the end of the run reopens the run', () => {
    const run = fakeRun({ tasks });
    run.exit('core', 1);
    run.exit('long');
    run.retry('core');
    expect(run.events.map(({ type }) => type)).toContain('run.reopened');
    for (const task of ['core', 'mart', 'later']) run.exit(task);
    expect(run.status()).toBe('success');
    expect(run.stateOf('long')).toEqual({ kind: 'succeeded', attempt: 1 });
  });

  test('rerunning another task runs that task only', () => {
    const run = fakeRun({ tasks: { ...tasks, other: {} } });
    run.exit('other', 1);
    run.exit('core', 1);
    run.retry('other');
    expect(run.summary()).toBe('core: failed, mart: upstream-failed, long: running, later: cancelled, other: running');
  });

  test('skipping it runs all that was stopped', () => {
    const run = fakeRun({ tasks });
    run.exit('core', 1);
    run.skip('core');
    expect(run.summary()).toBe('core: skipped, mart: running, long: running, later: waiting');
  });
});

describe('a sequential run', () => {
  test('runs one task at a time, in dependency order and not by critical path', () => {
    const tasks = { first: {}, second: {}, third: { after: ['second'] }, fourth: { after: ['first'] } };
    const run = fakeRun({ tasks }, { sequential: true });
    for (const task of ['first', 'second', 'third', 'fourth']) {
      expect(run.running()).toEqual([task]);
      run.exit(task);
    }
    expect(run.status()).toBe('success');
  });

  test('waits for a retry before it continues', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } }, b: {} } }, { sequential: true });
    run.exit('a', 1);
    expect(run.running()).toEqual([]);
    expect(run.why('b')).toBe('one task at a time; not its turn yet');
    run.fire('retry', 'a');
    expect(run.running()).toEqual(['a']);
  });

  test('waits for a gate before it continues', () => {
    const sketch = { tasks: { a: {}, b: { after: ['a'] }, c: {} }, checks: { gate: { after: ['a'], gate: true } } };
    const run = fakeRun(sketch, { sequential: true });
    run.exit('a');
    expect(run.running()).toEqual([]);
    run.answer('gate');
    expect(run.running()).toEqual(['c']);
  });

  test('starts nothing after the first failure', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: { after: ['b'] }, d: {} } }, { sequential: true });
    run.exit('a');
    run.exit('b', 1);
    expect(run.summary()).toBe('a: succeeded, b: failed, c: upstream-failed, d: cancelled');
    expect(run.status()).toBe('failed');
  });

  test('continues where it stopped when the failed task is rerun', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} } }, { sequential: true });
    run.exit('a', 1);
    run.retry('a');
    run.exit('a');
    expect(run.running()).toEqual(['b']);
  });

  test('cannot have more slots', () => {
    const run = fakeRun({ tasks: { a: {} } }, { sequential: true });
    expect(run.limit(4)).toBe('a sequential run has one slot');
  });
});

describe('when a run is cancelled', () => {
  const retry = { retries: 3 };

  test('running tasks are terminated, nothing starts, and waiting tasks are cancelled', () => {
    const run = fakeRun({ tasks: { a: { retry, killGraceMs: 900 }, b: { after: ['a'] }, c: {} } }, { maxParallel: 1 });
    run.cancel();
    expect(run.effects.at(-1)).toEqual({ type: 'terminate-task', task: 'a', attempt: 1, graceMs: 900 });
    expect(run.summary()).toBe('a: running, b: cancelled, c: cancelled');
    run.exit('a', 1);
    expect(run.stateOf('a')).toEqual({ kind: 'cancelled', reason: 'the run was cancelled', withRun: true });
    expect(run.status()).toBe('cancelled');
    expect(run.running()).toEqual([]);
  });

  test('a task in back-off is not retried', () => {
    const run = fakeRun({ tasks: { a: { retry } } });
    run.exit('a', 1);
    run.cancel();
    expect(run.status()).toBe('cancelled');
    run.fire('retry', 'a');
    expect(run.running()).toEqual([]);
  });

  test('a task that was being terminated for its timeout is not retried', () => {
    const run = fakeRun({ tasks: { a: { retry } } });
    run.fire('timeout', 'a');
    run.cancel();
    run.exit('a', 143);
    expect(run.stateOf('a').kind).toBe('cancelled');
  });

  test('no intent is accepted until all tasks have ended', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} } }, { maxParallel: 1 });
    run.cancel();
    expect(run.cancel()).toBe('the run is already being cancelled');
    expect(run.retry('b')).toBe('the run is being cancelled; wait until it ends');
    run.exit('a', 143);
    expect(run.cancel()).toBe('the run is over');
  });

  test('a rerun afterwards runs only the requested task', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {} } }, { maxParallel: 1 });
    run.cancel();
    run.exit('a', 143);
    expect(run.retry('b')).toBeUndefined();
    expect(run.summary()).toBe('a: cancelled, b: running, c: cancelled');
  });

  test('during draining, running tasks are terminated too', () => {
    const run = fakeRun({ tasks: { core: { critical: true }, long: {} } });
    run.exit('core', 1);
    run.cancel();
    run.exit('long', 143);
    expect(run.status()).toBe('cancelled');
  });
});

test('a sequential run that is cancelled does not wait for a gate that is asked again later before it runs what is at its end', () => {
  const tasks = { a: {}, b: { after: ['a'] }, tidy: { runWhen: 'always' as const } };
  const run = fakeRun({ tasks, checks: { c: { before: ['a'], gate: true, retries: 3 } } }, { sequential: true });
  run.answerNothing('c');
  run.cancel();
  expect(run.summary()).toBe('a: cancelled, b: cancelled, tidy: running');
  run.exit('tidy');
  expect(run.status()).toBe('cancelled');
});
