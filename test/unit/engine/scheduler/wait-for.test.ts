import { describe, expect, test } from 'vitest';
import { fakeRun, noon, resumedRun } from '../../../support/fake-run.ts';
import type { TaskSketch } from '../../../support/pipeline-builder.ts';

const file = { kind: 'file', path: 'in/orders.csv' } as const;
const hour = 3_600_000;
const waiting = {
  waitFor: { for: file, everyMs: 60_000, timeoutMs: hour, onTimeout: 'fail' },
} as const satisfies TaskSketch;
const skipping = { waitFor: { ...waiting.waitFor, onTimeout: 'skip' } } as const satisfies TaskSketch;
const command = { kind: 'shell', script: './is-newer' } as const;
const waited = { afterMs: hour, what: 'file in/orders.csv' };

describe('a task with wait_for', () => {
  test('looks for it when everything upstream is done, holds no slot, and starts when it is there', () => {
    const run = fakeRun({ tasks: { a: {}, b: { ...waiting, after: ['a'] }, c: {} } }, { maxParallel: 1 });
    run.exit('a');
    expect(run.summary()).toBe('a: succeeded, b: awaiting, c: running');
    expect(run.why('b')).toBe('waits for file in/orders.csv');
    expect(run.effects).toContainEqual({ type: 'await-condition', task: 'b', attempt: 1 });
    run.arrive('b');
    expect(run.stateOf('b')).toMatchObject({ kind: 'ready', attempt: 1 });
    run.exit('c');
    expect(run.stateOf('b')).toMatchObject({ kind: 'running', attempt: 1 });
  });

  test('is asked afterwards whether it is needed', () => {
    const run = fakeRun({ tasks: { a: { ...waiting, onlyIf: { command, otherwise: 'stop' } } } });
    run.arrive('a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'asking', attempt: 1 });
  });

  test('fails when it does not come in time, and is not tried again', () => {
    const run = fakeRun({ tasks: { a: { ...waiting, retry: { retries: 3 } }, b: { after: ['a'] } } });
    run.fire('awaited', 'a');
    expect(run.now() - noon).toBe(hour);
    expect(run.stateOf('a')).toEqual({ kind: 'failed', attempt: 0, cause: { kind: 'awaited', ...waited } });
    expect(run.effects).toContainEqual({ type: 'stop-condition', task: 'a' });
    expect(run.stateOf('b')).toEqual({ kind: 'upstream-failed', because: 'a' });
    expect(run.status()).toBe('failed');
  });

  test('is skipped instead when its author says so, and its downstream runs', () => {
    const run = fakeRun({ tasks: { a: skipping, b: { after: ['a'] } } });
    run.fire('awaited', 'a');
    expect(run.stateOf('a')).toEqual({ kind: 'skipped', waited });
    expect(run.summary()).toBe('a: skipped, b: running');
  });

  test('fails at once when there is nothing to look with', () => {
    const run = fakeRun({ tasks: { a: waiting } });
    const failure = { kind: 'exit-code', code: 127 } as const;
    run.take({ type: 'arrived', task: 'a' as never, failure });
    expect(run.stateOf('a')).toEqual({ kind: 'failed', attempt: 0, cause: { kind: 'wait-for', failure } });
  });

  test('has its fallback run when it does not come', () => {
    const run = fakeRun({ tasks: { a: { ...waiting, fallback: { command, note: 'yesterday’s' } } } });
    run.fire('awaited', 'a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 1, fallback: true });
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 0, cause: { kind: 'awaited' } });
  });

  test('the timer of an earlier wait does not end a later one', () => {
    const run = fakeRun({ tasks: { a: waiting } });
    run.arrive('a');
    run.exit('a', 1);
    run.pass(1_000);
    run.retry('a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'awaiting' });
    run.take({ type: 'timer-fired', timer: { kind: 'awaited', task: 'a' as never, since: noon } });
    expect(run.stateOf('a')).toMatchObject({ kind: 'awaiting' });
  });

  test('can be skipped and cancelled, and is not looked for any more then', () => {
    for (const end of ['skip', 'cancelTask'] as const) {
      const run = fakeRun({ tasks: { a: waiting, b: {} } });
      expect(run[end]('a')).toBeUndefined();
      expect(run.effects).toContainEqual({ type: 'stop-condition', task: 'a' });
    }
  });

  test('waits in its turn in a sequential run, and nothing else starts meanwhile', () => {
    const run = fakeRun({ tasks: { a: {}, b: waiting, c: {} } }, { sequential: true });
    expect(run.summary()).toBe('a: running, b: ready, c: ready');
    run.exit('a');
    expect(run.summary()).toBe('a: succeeded, b: awaiting, c: ready');
    run.arrive('b');
    expect(run.summary()).toBe('a: succeeded, b: running, c: ready');
  });

  test('is cancelled at once when a critical task fails', () => {
    const run = fakeRun({ tasks: { a: { critical: true }, b: waiting } });
    run.exit('a', 1);
    expect(run.stateOf('b')).toMatchObject({ kind: 'cancelled', withRun: true });
    expect(run.status()).toBe('failed');
  });
});

describe('a run that is resumed while a task waits', () => {
  const timer = { kind: 'awaited', task: 'a', since: noon } as const;

  test('looks for it once more, and the limit counts from the beginning of the wait', () => {
    const run = fakeRun({ tasks: { a: waiting } });
    const resumed = resumedRun(run);
    expect(resumed.stateOf('a')).toEqual({ kind: 'awaiting', since: noon });
    expect(resumed.effects).toContainEqual({ type: 'await-condition', task: 'a', attempt: 1 });
    expect(resumed.effects).toContainEqual({ type: 'set-timer', timer, at: noon + hour });
    resumed.arrive('a');
    resumed.exit('a');
    expect(resumed.status()).toBe('success');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('does not give up before it has looked, when the time went by meanwhile', () => {
    const run = fakeRun({ tasks: { a: waiting } });
    run.pass(2 * hour);
    const resumed = resumedRun(run);
    expect(resumed.effects).toContainEqual({ type: 'set-timer', timer, at: resumed.now() + 60_000 });
  });

  test('waits anew after a wait that was in vain', () => {
    const run = fakeRun({ tasks: { a: waiting } });
    run.fire('awaited', 'a');
    const resumed = resumedRun(run);
    expect(resumed.fact.decisions).toEqual({ a: { kind: 'failed' } });
    expect(resumed.stateOf('a')).toEqual({ kind: 'awaiting', since: resumed.now() });
  });
});
