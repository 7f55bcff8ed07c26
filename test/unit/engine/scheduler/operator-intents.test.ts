import { describe, expect, test } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { fakeRun } from '../../../support/fake-run.ts';

const chain = { a: {}, b: { after: ['a'] }, c: { after: ['b'] } };

describe('pause and limit', () => {
  test('a paused run starts nothing, lets running tasks finish, and continues when resumed', () => {
    const run = fakeRun({ tasks: chain });
    run.pause();
    run.exit('a');
    expect(run.summary()).toBe('a: succeeded, b: ready, c: waiting');
    run.resume();
    expect(run.running()).toEqual(['b']);
  });

  test('more slots are used at once, and fewer as running tasks end', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {}, d: {} } }, { maxParallel: 1 });
    run.limit(3);
    expect(run.running()).toEqual(['a', 'b', 'c']);
    run.limit(1);
    run.exit('a');
    run.exit('b');
    expect(run.running()).toEqual(['c']);
  });

  test.each([
    { wish: { type: 'limit', maxParallel: 0 }, refusal: 'a run needs at least 1 slot' },
    { wish: { type: 'limit', maxParallel: 1.5 }, refusal: 'a run needs at least 1 slot' },
    { wish: { type: 'limit', maxParallel: 8 }, refusal: 'the run already has 8 slots' },
    { wish: { type: 'resume' }, refusal: 'the run is not paused' },
    { wish: { type: 'retry-task', task: 'nope' as TaskId, downstream: false }, refusal: 'the run has no task nope' },
    {
      wish: { type: 'retry-task', task: 'a' as TaskId, downstream: false },
      refusal: 'task a is running; cancel it first',
    },
    { wish: { type: 'retry-task', task: 'b' as TaskId, downstream: true }, refusal: 'task b has not run yet' },
  ] as const)('$wish.type is refused: $refusal', ({ wish, refusal }) => {
    const run = fakeRun({ tasks: chain });
    const before = run.state();
    expect(run.take(wish)).toBe(refusal);
    expect(run.state()).toBe(before);
  });

  test('an intent is refused when it is repeated', () => {
    const run = fakeRun({ tasks: chain });
    run.pause();
    expect(run.pause()).toBe('the run is already paused');
    run.skip('a');
    expect(run.skip('a')).toBe('task a is already being skipped');
    run.cancelTask('a');
    expect(run.cancelTask('a')).toBe('task a is already being cancelled');
  });
});

describe('cancelling one task', () => {
  test('ends it finally, and its downstream does not run', () => {
    const run = fakeRun({ tasks: { ...chain, other: {} } });
    run.cancelTask('a');
    expect(run.running()).toEqual(['a', 'other']);
    run.exit('a', 0);
    expect(run.stateOf('a')).toEqual({ kind: 'cancelled', reason: 'an operator cancelled it', withRun: false });
    expect(run.stateOf('c').kind).toBe('upstream-failed');
    run.exit('other');
    expect(run.status()).toBe('failed');
  });

  test('that has not started ends it at once', () => {
    const run = fakeRun({ tasks: chain });
    run.cancelTask('b');
    expect(run.summary()).toBe('a: running, b: cancelled, c: upstream-failed');
    expect(run.cancelTask('b')).toBe('task b is already cancelled');
  });
});

describe('skipping a task', () => {
  test('that waits lets its downstream run in turn', () => {
    const run = fakeRun({ tasks: chain });
    run.skip('b');
    expect(run.running()).toEqual(['a', 'c']);
  });

  test('that runs terminates it, and its downstream runs however it ends', () => {
    const run = fakeRun({ tasks: chain });
    run.skip('a');
    expect(run.effects.at(-1)).toMatchObject({ type: 'terminate-task', task: 'a' });
    expect(run.running()).toEqual(['a']);
    run.exit('a', 143);
    expect(run.summary()).toBe('a: skipped, b: running, c: waiting');
  });

  test('that failed runs what was not run because of it', () => {
    const run = fakeRun({ tasks: chain });
    run.exit('a', 1);
    expect(run.status()).toBe('failed');
    run.skip('a');
    expect(run.summary()).toBe('a: skipped, b: running, c: waiting');
    run.exit('b');
    run.exit('c');
    expect(run.status()).toBe('success');
  });

  test('that failed last turns the run into a success', () => {
    const run = fakeRun({ tasks: { a: {} } });
    run.exit('a', 1);
    run.skip('a');
    expect(run.status()).toBe('success');
  });

  test('leaves held back what another failure holds back', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, both: { after: ['a', 'b'] } } });
    run.exit('a', 1);
    run.exit('b', 1);
    run.skip('a');
    expect(run.stateOf('both')).toEqual({ kind: 'upstream-failed', because: 'b' });
  });

  test('that has succeeded is refused', () => {
    const run = fakeRun({ tasks: chain });
    run.exit('a');
    expect(run.skip('a')).toBe('task a has already succeeded');
  });
});

describe('rerunning a task', () => {
  test('that failed runs it at once with the next attempt number and all its retries, and then what was not run', () => {
    const run = fakeRun({ tasks: { ...chain, a: { retry: { retries: 1 } } } });
    run.exit('a', 1);
    run.fire('retry', 'a');
    run.exit('a', 1);
    run.retry('a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 3 });
    expect(run.summary()).toBe('a: running, b: waiting, c: waiting');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 4 });
  });

  test('that is in back-off starts it at once', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } } } });
    run.exit('a', 1);
    run.retry('a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2 });
    run.fire('retry', 'a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2 });
  });

  test.each([false, true])('that is in back-off uses up that retry (with its downstream: %s)', (downstream) => {
    const run = fakeRun({ tasks: { ...chain, a: { retry: { retries: 2 } } } });
    run.exit('a', 1);
    run.retry('a', downstream);
    run.exit('a', 1);
    run.retry('a', downstream);
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 3 });
    run.exit('a', 1);
    expect(run.summary()).toBe('a: failed, b: upstream-failed, c: upstream-failed');
    run.retry('a');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 5 });
  });

  test('that is in back-off, with its downstream, runs again what used its earlier result', () => {
    const run = fakeRun({ tasks: { ...chain, a: { retry: { retries: 1 } } } });
    for (const task of ['a', 'b', 'c']) run.exit(task);
    run.retry('a');
    run.exit('a', 1);
    run.retry('a', true);
    expect(run.summary()).toBe('a: running, b: waiting, c: waiting');
  });

  test('that succeeded leaves its downstream unchanged', () => {
    const run = fakeRun({ tasks: chain });
    for (const task of ['a', 'b', 'c']) run.exit(task);
    run.retry('a');
    expect(run.summary()).toBe('a: running, b: succeeded, c: succeeded');
    run.exit('a');
    expect(run.status()).toBe('success');
  });

  test('with its downstream runs all of it again, in order', () => {
    const run = fakeRun({ tasks: { ...chain, other: {} } });
    for (const task of ['a', 'b', 'c', 'other']) run.exit(task);
    run.retry('a', true);
    expect(run.summary()).toBe('a: running, b: waiting, c: waiting, other: succeeded');
    for (const task of ['a', 'b', 'c']) run.exit(task);
    expect(run.stateOf('c')).toEqual({ kind: 'succeeded', attempt: 2 });
  });

  test('is refused while a task downstream of it runs', () => {
    const run = fakeRun({ tasks: chain });
    run.exit('a');
    expect(run.retry('a')).toBe('task b is running on its result; cancel it first');
    run.exit('b');
    expect(run.retry('a', true)).toBe('task c is running on its result; cancel it first');
  });

  test('resets downstream tasks that were about to start', () => {
    const run = fakeRun({ tasks: chain });
    run.pause();
    run.exit('a');
    run.retry('a');
    run.resume();
    expect(run.summary()).toBe('a: running, b: waiting, c: waiting');
  });

  test('that was not run reruns the tasks that failed before it', () => {
    const run = fakeRun({ tasks: { ...chain, side: { after: ['a'] } } });
    run.exit('a', 1);
    run.retry('c');
    expect(run.summary()).toBe('a: running, b: waiting, c: waiting, side: waiting');
  });

  test('that was skipped runs it', () => {
    const run = fakeRun({ tasks: chain });
    run.skip('b');
    run.exit('a');
    run.exit('c');
    run.retry('b', true);
    expect(run.summary()).toBe('a: succeeded, b: running, c: waiting');
  });
});
