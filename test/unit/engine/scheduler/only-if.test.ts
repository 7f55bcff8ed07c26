import { describe, expect, test } from 'vitest';
import { fakeRun, resumedRun } from '../../../support/fake-run.ts';
import type { TaskSketch } from '../../../support/pipeline-builder.ts';

const command = { kind: 'shell', script: './is-newer' } as const;
const asked = { onlyIf: { command, otherwise: 'continue' } } as const satisfies TaskSketch;
const stopping = { onlyIf: { command, otherwise: 'stop' } } as const satisfies TaskSketch;
const retries = { retry: { retries: 1, initialMs: 10 } };

describe('a task with only_if', () => {
  test('is asked when everything upstream is done, and runs when it is needed', () => {
    const run = fakeRun({ tasks: { a: {}, b: { ...asked, after: ['a'] } } });
    expect(run.summary()).toBe('a: running, b: waiting');
    run.exit('a');
    expect(run.summary()).toBe('a: succeeded, b: asking');
    expect(run.effects).toContainEqual({ type: 'ask-condition', task: 'b', attempt: 1 });
    expect(run.why('b')).toBe('checking whether it is needed');
    run.answerNeed('b', 'needed');
    expect(run.stateOf('b')).toMatchObject({ kind: 'running', attempt: 1 });
    run.exit('b');
    expect(run.status()).toBe('success');
  });

  test('is asked while all slots are busy, and by a pause too', () => {
    const run = fakeRun({ tasks: { a: {}, b: asked } }, { maxParallel: 1 });
    expect(run.summary()).toBe('a: running, b: asking');
    const paused = fakeRun({ tasks: { a: {}, b: { ...asked, after: ['a'] } } });
    paused.take({ type: 'pause' });
    paused.exit('a');
    paused.answerNeed('b', 'needed');
    expect(paused.summary()).toBe('a: succeeded, b: ready');
  });

  test('counts as done when it is not needed, and its downstream runs', () => {
    const run = fakeRun({ tasks: { a: asked, b: { after: ['a'] } } });
    run.answerNeed('a', 'not-needed');
    expect(run.stateOf('a')).toEqual({ kind: 'not-needed', stops: false });
    expect(run.summary()).toBe('a: not-needed, b: running');
    run.exit('b');
    expect(run.status()).toBe('success');
  });

  test('with otherwise: stop it makes everything downstream not needed, and the run succeeds', () => {
    const run = fakeRun({ tasks: { a: stopping, b: { after: ['a'] }, c: { after: ['b'] }, d: {} } });
    run.answerNeed('a', 'not-needed');
    expect(run.stateOf('b')).toEqual({ kind: 'not-needed', stops: true, because: 'a' });
    expect(run.stateOf('c')).toEqual({ kind: 'not-needed', stops: true, because: 'a' });
    run.exit('d');
    expect(run.status()).toBe('success');
  });

  test('fails when the question has no answer, and is asked again as often as its retries allow', () => {
    const run = fakeRun({ tasks: { a: { ...asked, ...retries } } });
    run.answerNeed('a', 'none');
    expect(run.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 2 });
    run.fire('retry', 'a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'asking', attempt: 2 });
    run.answerNeed('a', 'none');
    const failure = { kind: 'exit-code', code: 2 };
    expect(run.stateOf('a')).toEqual({ kind: 'failed', attempt: 2, cause: { kind: 'only-if', failure } });
    expect(run.status()).toBe('failed');
  });

  test('is not asked again for the retries of an attempt that failed', () => {
    const run = fakeRun({ tasks: { a: { ...asked, ...retries } } });
    run.answerNeed('a', 'needed');
    run.exit('a', 1);
    run.fire('retry', 'a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2 });
  });

  test('is asked anew when it is run again, with a number of its own', () => {
    const run = fakeRun({ tasks: { a: asked, b: {} } });
    run.answerNeed('a', 'needed');
    run.exit('a');
    expect(run.retry('a')).toBeUndefined();
    expect(run.stateOf('a')).toMatchObject({ kind: 'asking', attempt: 2 });
  });

  test('a program that is not there is not asked for again', () => {
    const run = fakeRun({ tasks: { a: { ...asked, ...retries } } });
    const failure = { kind: 'not-started', message: 'command not found: x' } as const;
    run.answerNeed('a', { kind: 'none', failure, isUsage: true, lastOutput: '' });
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 1 });
  });

  test('an answer that comes too late changes nothing', () => {
    const run = fakeRun({ tasks: { a: asked, b: {} } });
    run.cancelTask('a');
    expect(run.effects).toContainEqual({ type: 'stop-condition', task: 'a' });
    const before = run.state();
    run.take({ type: 'answered', task: 'a' as never, attempt: 1, answer: { kind: 'needed' } });
    expect(run.state()).toBe(before);
  });

  test('its fallback stands in when the question has no answer', () => {
    const fallback = { command, note: 'from the cache' };
    const run = fakeRun({ tasks: { a: { ...asked, fallback } } });
    run.answerNeed('a', 'none');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2, fallback: true });
    run.exit('a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'succeeded', degraded: 'from the cache' });
  });

  test('a sequential run waits for the answer before it starts what comes later', () => {
    const run = fakeRun({ tasks: { a: asked, b: {} } }, { sequential: true });
    expect(run.summary()).toBe('a: asking, b: ready');
    run.answerNeed('a', 'needed');
    expect(run.summary()).toBe('a: running, b: ready');
  });

  test('is cancelled with its run, and its question is stopped', () => {
    const run = fakeRun({ tasks: { a: asked, b: {} } });
    run.take({ type: 'cancel' });
    expect(run.stateOf('a')).toMatchObject({ kind: 'cancelled', withRun: true });
    expect(run.effects).toContainEqual({ type: 'stop-condition', task: 'a' });
  });

  test('waits again when what is upstream of it is run again', () => {
    const run = fakeRun({ tasks: { a: {}, b: { ...asked, after: ['a'] } } });
    run.exit('a');
    run.retry('a');
    expect(run.summary()).toBe('a: running, b: waiting');
    expect(run.effects).toContainEqual({ type: 'stop-condition', task: 'b' });
  });

  test('who skips a task that found nothing to do has its downstream run', () => {
    const run = fakeRun({ tasks: { a: stopping, b: { after: ['a'] } } });
    run.answerNeed('a', 'not-needed');
    expect(run.status()).toBe('success');
    expect(run.skip('a')).toBeUndefined();
    expect(run.summary()).toBe('a: skipped, b: running');
  });
});

describe('a task that reports nothing new', () => {
  test('was not needed, and nothing downstream is, whatever it promised to write', () => {
    const run = fakeRun({ tasks: { a: { outputs: ['x'] }, b: { after: ['a'] } } });
    run.report('a', { nothingNew: true });
    run.exit('a', 0, { missingOutput: { path: 'x' } });
    expect(run.stateOf('a')).toEqual({ kind: 'not-needed', stops: true });
    expect(run.summary()).toBe('a: not-needed, b: not-needed');
    expect(run.status()).toBe('success');
  });

  test('has failed all the same when its exit code says so', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.report('a', { nothingNew: true });
    run.exit('a', 3);
    expect(run.summary()).toBe('a: failed, b: upstream-failed');
  });

  test('may have said so in an attempt that failed: the next one decides', () => {
    const run = fakeRun({ tasks: { a: retries } });
    run.report('a', { nothingNew: true });
    run.exit('a', 3);
    run.fire('retry', 'a');
    run.exit('a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'succeeded', attempt: 2 });
  });
});

describe('what is downstream of a task that is run again and finds nothing to do', () => {
  const chain = { a: {}, b: { after: ['a'] }, c: { after: ['b'] }, d: {} } as const;
  type Run = ReturnType<typeof fakeRun>;

  function begun(endOfC: 0 | 1, a: TaskSketch = {}): Run {
    const run = fakeRun({ tasks: { ...chain, a } });
    if (a.onlyIf !== undefined) run.answerNeed('a', 'needed');
    for (const task of ['a', 'b']) {
      run.pass(1000);
      run.exit(task);
    }
    run.pass(1000);
    run.exit('c', endOfC);
    return run;
  }

  function findNothing(run: Run): void {
    run.pass(1000);
    run.report('a', { nothingNew: true });
    run.exit('a');
  }

  test('is not needed where it has succeeded since the last load', () => {
    const run = begun(0);
    run.retry('a', true);
    findNothing(run);
    expect(run.summary()).toBe('a: not-needed, b: not-needed, c: not-needed, d: running');
  });

  test('runs when it was stale, because it has not seen the last load yet', () => {
    const run = begun(0);
    run.retry('a');
    run.pass(1000);
    run.exit('a');
    run.retry('a', true);
    findNothing(run);
    expect(run.stateOf('a')).toEqual({ kind: 'not-needed', stops: false });
    expect(run.summary()).toBe('a: not-needed, b: running, c: waiting, d: running');
    expect(run.replayed()).toEqual(run.state());
  });

  test('runs when it has failed: nothing new is no reason to call the run a success', () => {
    const run = begun(1);
    run.retry('a', true);
    findNothing(run);
    for (const task of ['b', 'c', 'd']) run.exit(task, task === 'c' ? 1 : 0);
    expect(run.status()).toBe('failed');
  });

  test('runs as well when the task was asked before it began', () => {
    const run = begun(1, stopping);
    run.retry('a', true);
    run.answerNeed('a', 'not-needed');
    expect(run.summary()).toBe('a: not-needed, b: running, c: waiting, d: running');
  });

  test('is not needed when the task has loaded nothing in this run', () => {
    const run = fakeRun({ tasks: chain });
    run.exit('a', 1);
    run.retry('a', true);
    findNothing(run);
    expect(run.summary()).toBe('a: not-needed, b: not-needed, c: not-needed, d: running');
  });
});

describe('of several verdicts', () => {
  test('the first one decides', () => {
    const sketch = { tasks: { a: stopping, b: {}, c: { after: ['a', 'b'] } } };
    const run = fakeRun(sketch);
    run.answerNeed('a', 'not-needed');
    run.exit('b', 1);
    expect(run.stateOf('c')).toEqual({ kind: 'not-needed', stops: true, because: 'a' });
    expect(run.status()).toBe('failed');
    const other = fakeRun(sketch);
    other.exit('b', 1);
    other.answerNeed('a', 'not-needed');
    expect(other.stateOf('c')).toEqual({ kind: 'upstream-failed', because: 'b' });
  });

  test('the downstream of a task that found nothing to do is asked again with it', () => {
    const run = fakeRun({ tasks: { a: stopping, b: { after: ['a'] } } });
    run.answerNeed('a', 'not-needed');
    run.retry('b');
    expect(run.summary()).toBe('a: asking, b: waiting');
    run.answerNeed('a', 'needed');
    run.exit('a');
    expect(run.summary()).toBe('a: succeeded, b: running');
  });
});

describe('a check behind a task that found nothing to do', () => {
  const tasks = { a: stopping, b: {}, c: { after: ['a'] } };

  test('is not run when there is nothing new for it, and what it holds back is not needed', () => {
    const run = fakeRun({ tasks: { ...tasks, d: {} }, checks: { sane: { after: ['a'], before: ['d'] } } });
    run.answerNeed('a', 'not-needed');
    run.exit('b');
    expect(run.stateOf('d')).toEqual({ kind: 'not-needed', stops: true, because: 'a' });
    expect(run.asked()).toEqual([]);
    expect(run.status()).toBe('success');
  });

  test('is run when another task has loaded something that it looks at', () => {
    const run = fakeRun({ tasks, checks: { fits: { after: ['a', 'b'] } } });
    run.exit('b');
    run.answerNeed('a', 'not-needed');
    expect(run.asked()).toEqual(['fits']);
    const other = fakeRun({ tasks, checks: { fits: { after: ['a', 'b'] } } });
    other.answerNeed('a', 'not-needed');
    other.exit('b');
    expect(other.asked()).toEqual(['fits']);
  });

  test('at the end of the run is run unless nothing at all was needed', () => {
    const run = fakeRun({ tasks: { a: stopping, b: { after: ['a'] } }, checks: { end: {} } });
    run.answerNeed('a', 'not-needed');
    expect(run.asked()).toEqual([]);
    expect(run.status()).toBe('success');
    const other = fakeRun({ tasks: { a: stopping, b: {} }, checks: { end: {} } });
    other.answerNeed('a', 'not-needed');
    other.exit('b');
    expect(other.asked()).toEqual(['end']);
  });
});

describe('a run that is resumed', () => {
  test('asks once more what was being asked', () => {
    const run = fakeRun({ tasks: { a: asked, b: { after: ['a'] } } });
    const resumed = resumedRun(run);
    expect(resumed.fact.decisions).toEqual({});
    expect(resumed.summary()).toBe('a: asking, b: waiting');
    expect(resumed.effects).toContainEqual({ type: 'ask-condition', task: 'a', attempt: 1 });
    resumed.answerNeed('a', 'needed');
    resumed.exit('a');
    resumed.exit('b');
    expect(resumed.status()).toBe('success');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('does not ask again for an attempt that was interrupted', () => {
    const run = fakeRun({ tasks: { a: asked } });
    run.answerNeed('a', 'needed');
    const resumed = resumedRun(run);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'running', attempt: 2 });
  });

  test('keeps what was not needed, until its question is another one', () => {
    const tasks = { a: stopping, b: { after: ['a'] }, c: {} };
    const run = fakeRun({ tasks });
    run.answerNeed('a', 'not-needed');
    run.exit('c', 1);
    expect(resumedRun(run).summary()).toBe('a: not-needed, b: not-needed, c: running');
    const other = { command: { kind: 'shell', script: './other' }, otherwise: 'stop' } as const;
    const edited = resumedRun(run, { pipeline: { tasks: { ...tasks, a: { onlyIf: other } } } });
    expect(edited.fact.decisions['a']).toEqual({ kind: 'condition' });
    expect(edited.summary()).toBe('a: asking, b: waiting, c: running');
  });

  test('runs a task at once whose question is gone from the file', () => {
    const run = fakeRun({ tasks: { a: asked } });
    expect(resumedRun(run, { pipeline: { tasks: { a: {} } } }).summary()).toBe('a: running');
  });
});
