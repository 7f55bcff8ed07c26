import { describe, expect, test } from 'vitest';
import type { Exit } from '../../../../src/engine/model/run/task-state.ts';
import { backoffMs } from '../../../../src/engine/scheduler/attempts/backoff.ts';
import { fakeRun } from '../../../support/fake-run.ts';

const shortage: Exit = { kind: 'not-started', reason: 'shortage', message: 'EAGAIN' };
const missing: Exit = { kind: 'not-started', reason: 'usage', message: 'no such program' };
const lost: Exit = { kind: 'lost', why: 'runner-gone', message: 'its helper died' };

describe('when a task fails', () => {
  test('what is downstream of it never starts, and independent branches go on', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] }, d: {} } });
    run.exit('a', 2);
    expect(run.summary()).toBe('a: failed, b: upstream-failed, c: upstream-failed, d: running');
    expect(run.stateOf('a')).toEqual({ kind: 'failed', attempt: 1, cause: { kind: 'exit-code', code: 2 } });
    expect(run.stateOf('c')).toEqual({ kind: 'upstream-failed', because: 'b' });
    run.exit('d');
    expect(run.status()).toBe('failed');
  });

  test('it is retried after growing delays, as often as its policy says', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 2, initialMs: 1000, factor: 3 } } } });
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 2, retryAt: run.now() + 1000 });
    run.fire('retry', 'a');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 3, retryAt: run.now() + 3000 });
    run.fire('retry', 'a');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 3 });
  });

  test('its slot is free for others during its back-off', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } }, b: {} } }, { maxParallel: 1 });
    run.exit('a', 1);
    expect(run.running()).toEqual(['b']);
  });

  test('the delay that the task reports takes precedence over its policy', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 2 } } } });
    run.report('a', { retryAfterSeconds: 90 });
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ retryAt: run.now() + 90_000 });
    run.fire('retry', 'a');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', retryAt: run.now() + 2000 });
  });

  test('the delay that the task reports is limited, and the event says so', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 2, maxRetryAfterMs: 60_000 } } } });
    run.report('a', { retryAfterSeconds: 1e10 });
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ retryAt: run.now() + 60_000, askedMs: 1e13 });
    run.fire('retry', 'a');
    run.report('a', { retryAfterSeconds: 60 });
    run.exit('a', 1);
    expect(run.stateOf('a')).not.toHaveProperty('askedMs');
  });

  test('its delay is a finite number after any number of failures', () => {
    const retry = { initialMs: 0, factor: 100, maxMs: 1000, jitter: true, retries: 1000, maxRetryAfterMs: 0 };
    expect(backoffMs(retry, 1000, 1, 'a')).toBe(0);
    expect(backoffMs({ ...retry, initialMs: 1, jitter: false }, 1000, 1, 'a')).toBe(1000);
  });

  test.each([
    { what: 'an exit code it names', exit: 75, lastOutput: '', again: true },
    { what: 'a text it names in the last output', exit: 1, lastOutput: 'HTTP 429 Too Many', again: true },
    { what: 'another exit code and text', exit: 1, lastOutput: 'syntax error', again: false },
  ])('a policy with retry_on retries after $what: $again', ({ exit, lastOutput, again }) => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1, on: { exitCodes: [75], output: ['429'] } } } } });
    run.exit('a', exit, { lastOutput });
    expect(run.stateOf('a').kind).toBe(again ? 'backing-off' : 'failed');
  });

  test.each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGSEGV', 139],
  ])('by %s, it is retried when retry_on names %i', (signal, code) => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1, on: { exitCodes: [code], output: [] } } } } });
    run.exit('a', { kind: 'signalled', signal });
    expect(run.stateOf('a').kind).toBe('backing-off');
  });

  test.each([126, 127])('because its shell cannot find or execute a command (%i), it is not retried', (code) => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 5 } } } });
    run.exit('a', code);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 1 });
  });

  test('because its shell cannot find a command, it is retried when retry_on names that', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1, on: { exitCodes: [127], output: [] } } } } });
    run.exit('a', 127);
    expect(run.stateOf('a').kind).toBe('backing-off');
  });

  test('with the exit code 127 of a program without a shell, it is retried', () => {
    const command = { kind: 'argv', argv: ['docker', 'run', 'load'] } as const;
    const run = fakeRun({ tasks: { a: { command, retry: { retries: 1 } } } });
    run.exit('a', 127);
    expect(run.stateOf('a').kind).toBe('backing-off');
  });

  test.each(['HTTP \u001b[1;31m429\u001b[0m Too Many', '\u001b[31mHTTP 4\u001b[mtwo\nHTTP 42\u001b[K9 Too Many'])(
    'with a text that matches retry_on but for colours, it is retried (%j)',
    (lastOutput) => {
      const run = fakeRun({ tasks: { a: { retry: { retries: 1, on: { exitCodes: [], output: ['429 Too'] } } } } });
      run.exit('a', 1, { lastOutput });
      expect(run.stateOf('a').kind).toBe('backing-off');
    },
  );

  test('by a declared output file that it did not write, it has failed, although its exit code is 0', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 }, outputs: ['x.csv'] } } });
    run.exit('a', 0, { missingOutput: { path: 'x.csv' } });
    run.fire('retry', 'a');
    run.exit('a', 0, { missingOutput: { path: 'x.csv' } });
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', cause: { kind: 'missing-output', path: 'x.csv' } });
  });

  test('by a signal from outside, the cause is the signal', () => {
    const run = fakeRun({ tasks: { a: {} } });
    run.exit('a', { kind: 'signalled', signal: 'SIGKILL' });
    expect(run.stateOf('a')).toMatchObject({ cause: { kind: 'signal', signal: 'SIGKILL' } });
  });
});

describe('when an attempt cannot start', () => {
  test('because its program does not exist, it is not retried', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 5 } } } });
    run.exit('a', missing);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', cause: { kind: 'not-started' } });
  });

  test('its own retries are not used up', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } } } });
    for (const exit of [shortage, shortage, shortage]) {
      run.exit('a', exit);
      run.fire('retry', 'a');
    }
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 5 });
    run.fire('retry', 'a');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 5 });
  });

  test('it fails after five starts in a row', () => {
    const run = fakeRun({ tasks: { a: {} } });
    for (let failure = 1; failure <= 5; failure += 1) {
      run.exit('a', shortage);
      expect(run.stateOf('a').kind).toBe('backing-off');
      run.fire('retry', 'a');
    }
    run.exit('a', shortage);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 6, cause: { kind: 'not-started' } });
  });
});

describe('an attempt that is lost, because the shell that ran it was killed', () => {
  test('is repeated although the task has no retries, at most five times in a row', () => {
    const run = fakeRun({ tasks: { a: {} } });
    for (let loss = 1; loss <= 5; loss += 1) {
      run.exit('a', lost);
      expect(run.stateOf('a').kind).toBe('backing-off');
      run.fire('retry', 'a');
    }
    run.exit('a', lost);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 6, cause: { kind: 'lost' } });
  });

  test('leaves the task its retries', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } } } });
    for (const [exit, kind] of [
      [lost, 'backing-off'],
      [1, 'backing-off'],
      [lost, 'backing-off'],
      [1, 'failed'],
    ] as const) {
      run.exit('a', exit);
      expect(run.stateOf('a').kind).toBe(kind);
      run.fire('retry', 'a');
    }
  });
});

describe('a task that exceeds its timeout', () => {
  const slow = { a: { timeoutMs: 5000, killGraceMs: 700, retry: { retries: 1 } } };

  test('is terminated with its grace period, retried, and timed out after its last attempt', () => {
    const run = fakeRun({ tasks: slow });
    run.fire('timeout', 'a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', stopping: 'timeout' });
    expect(run.effects.at(-1)).toEqual({ type: 'terminate-task', task: 'a', attempt: 1, graceMs: 700 });
    run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', cause: { kind: 'timeout', afterMs: 5000 } });
    run.fire('retry', 'a');
    run.fire('timeout', 'a');
    run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.stateOf('a')).toEqual({ kind: 'timed-out', attempt: 2, afterMs: 5000 });
    expect(run.status()).toBe('failed');
  });

  test('has not succeeded, even when it exits with 0 after its termination', () => {
    const run = fakeRun({ tasks: { a: {} } });
    run.fire('timeout', 'a');
    run.exit('a', 0);
    expect(run.stateOf('a').kind).toBe('timed-out');
  });

  test('is not affected by the timer of an earlier attempt', () => {
    const run = fakeRun({ tasks: slow });
    run.exit('a', 1);
    run.fire('retry', 'a');
    const before = run.state();
    run.take({ type: 'timer-fired', timer: { kind: 'timeout', task: run.plan.tasks[0]!.spec.id, attempt: 1 } });
    expect(run.state()).toBe(before);
  });
});

describe('a fallback', () => {
  const fallback = { command: { kind: 'shell', script: 'cache' }, note: "yesterday's odds" } as const;
  const tasks = { odds: { retry: { retries: 1 }, fallback }, mart: { after: ['odds'] } };

  test('runs after all attempts have failed, and its success makes the task degraded', () => {
    const run = fakeRun({ tasks });
    run.exit('odds', 1);
    run.fire('retry', 'odds');
    run.exit('odds', 1);
    expect(run.effects.at(-2)).toEqual({ type: 'start-task', task: 'odds', attempt: 3, fallback: true });
    run.exit('odds');
    expect(run.stateOf('odds')).toEqual({ kind: 'succeeded', attempt: 3, degraded: "yesterday's odds" });
    run.exit('mart');
    expect(run.status()).toBe('success');
  });

  test('that fails keeps the failure of the task itself as the outcome', () => {
    const run = fakeRun({ tasks: { odds: { fallback } } });
    run.exit('odds', 7);
    run.exit('odds', 99);
    expect(run.stateOf('odds')).toEqual({ kind: 'failed', attempt: 1, cause: { kind: 'exit-code', code: 7 } });
  });

  test('that fails after a timeout keeps the timeout as the outcome', () => {
    const run = fakeRun({ tasks: { odds: { fallback } } });
    run.fire('timeout', 'odds');
    run.exit('odds', 143);
    run.exit('odds', shortage);
    expect(run.stateOf('odds')).toMatchObject({ kind: 'timed-out', attempt: 1 });
  });

  test('runs when the program of the task does not exist', () => {
    const run = fakeRun({ tasks: { odds: { fallback } } });
    run.exit('odds', missing);
    expect(run.stateOf('odds')).toMatchObject({ kind: 'running', fallback: true });
  });
});

test('a task that is quiet for too long is ended, and says for how long it was', () => {
  const run = fakeRun({ tasks: { a: { idleTimeoutMs: 5_000 } } });
  expect(run.effects).toContainEqual({
    type: 'set-timer',
    timer: { kind: 'idle', task: 'a', attempt: 1 },
    at: run.now() + 5_000,
  });
  run.fire('idle', 'a');
  expect(run.effects.at(-1)).toMatchObject({ type: 'terminate-task', task: 'a' });
  run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
  expect(run.stateOf('a')).toEqual({ kind: 'timed-out', attempt: 1, afterMs: 5_000, idle: true });
});

test('a task that is called like a part of every object has no learned limit or need that nobody gave it', () => {
  const run = fakeRun({ tasks: { constructor: {}, a: {} } }, { timeoutsMs: { a: 1 }, needs: { a: { cpu: 1 } } });
  const timer = { kind: 'timeout', task: 'constructor', attempt: 1 };
  expect(run.effects).toContainEqual({ type: 'set-timer', timer, at: run.now() + 60_000 });
});
