import { describe, expect, test } from 'vitest';
import { fakeRun, resumedRun } from '../../../../support/fake-run.ts';
import type { PipelineSketch, TaskSketch } from '../../../../support/pipeline-builder.ts';

const shell = (script: string) => ({ kind: 'shell', script }) as const;

describe('a run that was interrupted goes on where it was', () => {
  test('what has succeeded is not run again, and what waited for it starts', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] } } });
    run.exit('a');
    const resumed = resumedRun(run);
    expect(resumed.fact.decisions).toEqual({ a: { kind: 'reused' }, b: { kind: 'interrupted', attempt: 1 } });
    expect(resumed.summary()).toBe('a: succeeded, b: running, c: waiting');
    resumed.exit('b');
    resumed.exit('c');
    expect(resumed.status()).toBe('success');
    expect(startsOf(run.events)).toEqual(['a#1', 'b#1']);
    expect(startsOf(resumed.events)).toEqual(['b#2', 'c#1']);
  });

  test('an interrupted attempt is not charged: all retries of the policy are left', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } } } });
    const resumed = resumedRun(run);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2 });
    resumed.exit('a', 1);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 3 });
    resumed.fire('retry', 'a');
    resumed.exit('a', 1);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 3 });
  });

  test('an interrupted fallback is tried again as a fallback', () => {
    const run = fakeRun({ tasks: { a: { fallback: { command: shell('cache'), note: 'from the cache' } } } });
    run.exit('a', 1);
    const resumed = resumedRun(run);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'running', attempt: 3, fallback: true });
    resumed.exit('a');
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'succeeded', degraded: 'from the cache' });
  });

  test('a retry keeps its failures and its time, and starts at once when that has passed', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 2, initialMs: 100_000, maxMs: 200_000 } } } });
    run.exit('a', 1);
    const retryAt = run.now() + 100_000;
    const resumed = resumedRun(run);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 2, retryAt });
    expect(resumed.effects).toContainEqual({
      type: 'set-timer',
      timer: { kind: 'retry', task: 'a', attempt: 2 },
      at: retryAt,
    });
    resumed.fire('retry', 'a');
    resumed.exit('a', 1);
    resumed.fire('retry', 'a');
    resumed.exit('a', 1);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 3 });
  });

  test('a pause holds until somebody ends it', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pause();
    run.exit('a');
    const resumed = resumedRun(run);
    expect(resumed.summary()).toBe('a: succeeded, b: ready');
    resumed.resume();
    expect(resumed.running()).toEqual(['b']);
  });

  test('an operator’s limit and a step down hold on', () => {
    const tasks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, {}]));
    const run = fakeRun({ tasks }, { maxParallel: 8 });
    run.limit(4);
    const deadlock = { lastOutput: 'ERROR: deadlock detected' };
    run.exit('a', 1, deadlock);
    run.exit('b', 1, deadlock);
    expect(run.state().overload.maxParallel).toBe(2);
    const resumed = resumedRun(run);
    expect(resumed.state()).toMatchObject({ maxParallel: 4, overload: { maxParallel: 2 } });
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'backing-off' });
    expect(resumedRun(run, { maxParallel: 6 }).state()).toMatchObject({ maxParallel: 6, overload: { failures: 0 } });
  });

  test('a task that a person was skipping is skipped, and one that was skipped stays so', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: { after: ['a', 'b'] } } });
    run.skip('a');
    run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
    run.skip('b');
    const resumed = resumedRun(run);
    expect(resumed.summary()).toBe('a: skipped, b: skipped, c: running');
  });

  test('a run that had nothing left to do but to say so ends at once', () => {
    const run = fakeRun({ tasks: { a: {} } });
    run.exit('a');
    const torn = { ...run, journal: () => run.journal().slice(0, -1), state: () => run.state() };
    expect(resumedRun(torn).status()).toBe('success');
  });
});

describe('a run that has ended', () => {
  test('starts anew with what failed, timed out or was not run, with all retries, and counts attempts on', () => {
    const run = fakeRun({ tasks: { a: {}, b: { retry: { retries: 1 } }, c: {}, d: { after: ['b'] } } });
    run.exit('a');
    run.exit('b', 1);
    run.fire('retry', 'b');
    run.exit('b', 1);
    run.fire('timeout', 'c');
    run.exit('c', { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.status()).toBe('failed');
    const resumed = resumedRun(run);
    expect(resumed.fact.decisions).toEqual({
      a: { kind: 'reused' },
      b: { kind: 'failed' },
      c: { kind: 'timed-out' },
      d: { kind: 'not-run' },
    });
    expect(resumed.stateOf('b')).toMatchObject({ kind: 'running', attempt: 3 });
    resumed.exit('b', 1);
    expect(resumed.stateOf('b')).toMatchObject({ kind: 'backing-off' });
    resumed.fire('retry', 'b');
    for (const task of ['b', 'c', 'd']) resumed.exit(task);
    expect(resumed.status()).toBe('success');
  });

  test('because it was cancelled goes on with what was cancelled', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.cancel();
    run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.status()).toBe('cancelled');
    const resumed = resumedRun(run);
    expect(resumed.summary()).toBe('a: running, b: waiting');
  });

  test('because a critical task failed starts what was stopped with it', () => {
    const run = fakeRun({ tasks: { a: { critical: true }, b: { after: ['c'] }, c: {} } });
    run.exit('a', 1);
    run.exit('c');
    const resumed = resumedRun(run);
    expect(resumed.summary()).toBe('a: running, b: running, c: succeeded');
  });
});

describe('a task that has succeeded is run again', () => {
  const tasks: PipelineSketch['tasks'] = { a: {}, b: { after: ['a'] }, c: {}, d: {} };
  const changed = (changes: Readonly<Record<string, TaskSketch>>): PipelineSketch => ({
    tasks: { ...tasks, ...changes },
  });
  const begun = () => {
    const run = fakeRun({ tasks }, { params: { season: '2025' } });
    for (const task of ['a', 'b', 'c']) run.exit(task);
    return run;
  };

  test.each<[string, Parameters<typeof resumedRun>[1], object]>([
    [
      'when its command changed, and so is what comes after it',
      { pipeline: changed({ a: { command: shell('new') } }) },
      {
        a: { kind: 'command' },
        b: { kind: 'upstream', task: 'a' },
        c: { kind: 'reused' },
      },
    ],
    [
      'when its variables changed',
      { pipeline: changed({ c: { env: { SIZE: '2' } } }) },
      {
        a: { kind: 'reused' },
        b: { kind: 'reused' },
        c: { kind: 'environment' },
      },
    ],
    [
      'when it waits for another task than before',
      { pipeline: changed({ b: { after: ['c'] } }) },
      {
        a: { kind: 'reused' },
        b: { kind: 'dependencies' },
        c: { kind: 'reused' },
      },
    ],
    [
      'when a file that it promised is gone',
      { missing: { c: 'out.csv' } },
      {
        a: { kind: 'reused' },
        b: { kind: 'reused' },
        c: { kind: 'output', path: 'out.csv' },
      },
    ],
    [
      'with all others when a parameter changed',
      { params: { season: '2026' } },
      {
        a: { kind: 'parameters', names: ['season'] },
        b: { kind: 'parameters', names: ['season'] },
        c: { kind: 'parameters', names: ['season'] },
      },
    ],
  ])('%s', (_, now, expected) => {
    const resumed = resumedRun(begun(), now);
    const { d: _d, ...decisions } = resumed.fact.decisions;
    expect(decisions).toEqual(expected);
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('but not when only its timeout, its retries or its pools changed', () => {
    const pipeline = { ...changed({ a: { timeoutMs: 5, retry: { retries: 9 }, pools: ['p'] } }), pools: { p: 1 } };
    expect(resumedRun(begun(), { pipeline }).fact.decisions).toMatchObject({ a: { kind: 'reused' } });
  });

  test('a new task runs, and a task that is gone from the file is forgotten', () => {
    const { a, ...rest } = tasks;
    const resumed = resumedRun(begun(), { pipeline: { tasks: { ...rest, b: {}, e: {}, f: { after: ['e'] } } } });
    expect(a).toBeDefined();
    expect(resumed.fact.plan).toBe(2);
    expect(resumed.summary()).toBe('b: running, c: succeeded, d: running, e: running, f: waiting');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('a retry of a task whose command changed starts anew instead', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 2 } } } });
    run.exit('a', 1);
    const resumed = resumedRun(run, { pipeline: { tasks: { a: { command: shell('new') } } } });
    expect(resumed.fact.decisions).toEqual({ a: { kind: 'command' } });
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2 });
    expect(resumed.state().tasks.chunks[0]![0]).toMatchObject({ failures: 0 });
  });
});

describe('a run that is resumed twice', () => {
  test('reuses what each of its processes has done, and goes back to a pipeline that it had before', () => {
    const first = { tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] } } };
    const run = fakeRun(first);
    run.exit('a');
    const second = resumedRun(run, {
      pipeline: { tasks: { ...first.tasks, b: { after: ['a'], command: shell('x') } } },
    });
    second.exit('b');
    expect(second.fact.plan).toBe(2);
    const third = resumedRun(second, { pipeline: run.plan });
    expect(third.fact.plan).toBe(1);
    expect(third.fact.decisions).toEqual({
      a: { kind: 'reused' },
      b: { kind: 'command' },
      c: { kind: 'upstream', task: 'b' },
    });
    expect(third.state().continued?.times).toBe(2);
    third.exit('b');
    third.exit('c');
    expect(third.status()).toBe('success');
    expect(third.replayed()).toEqual(third.state());
  });
});

function startsOf(events: readonly { type: string; task?: unknown; attempt?: unknown }[]): readonly string[] {
  return events.flatMap(({ type, task, attempt }) => (type === 'task.started' ? [`${task}#${attempt}`] : []));
}
