import { describe, expect, test } from 'vitest';
import { fakeRun } from '../../../support/fake-run.ts';

const tasks = { load: {}, other: {}, mart: { after: ['load'] } };

describe('a check', () => {
  test('runs as soon as the tasks it waits for are done', () => {
    const run = fakeRun({ tasks, checks: { rows: { after: ['load'] } } });
    expect(run.asked()).toEqual([]);
    run.exit('load');
    expect(run.asked()).toEqual(['rows']);
    expect(run.running()).toEqual(['other', 'mart']);
  });

  test('without after runs at the end, after failures too, and the run waits for its verdict', () => {
    const run = fakeRun({ tasks, checks: { whole: {} } });
    run.exit('load', 1);
    run.exit('other');
    expect(run.asked()).toEqual(['whole']);
    expect(run.status()).toBeUndefined();
    run.answer('whole');
    expect(run.status()).toBe('failed');
  });

  test('is not run when a task it waits for failed', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'] } } });
    run.exit('load', 1);
    expect(run.asked()).toEqual([]);
    expect(run.status()).toBe('failed');
  });

  test('is run when an operator skips a task it waits for', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'] } } });
    run.exit('load', 1);
    run.skip('load');
    expect(run.asked()).toEqual(['rows']);
  });

  test.each([
    { verdict: 'pass', status: 'success' },
    { verdict: 'warn', status: 'success' },
    { verdict: 'fail', status: 'failed' },
    { verdict: 'error', status: 'failed' },
  ] as const)('with the verdict $verdict makes the run a $status', ({ verdict, status }) => {
    const run = fakeRun({ tasks: { load: {} }, checks: { whole: {} } });
    run.exit('load');
    run.answer('whole', verdict);
    expect(run.status()).toBe(status);
  });

  test('is not run with checks turned off, and then holds nothing back', () => {
    const checks = { gate: { after: ['load'], gate: true }, whole: {} };
    const run = fakeRun({ tasks, checks }, { runChecks: false });
    for (const task of ['load', 'other', 'mart']) run.exit(task);
    expect(run.asked()).toEqual([]);
    expect(run.status()).toBe('success');
  });

  test('is not run, nor waited for, when the run is cancelled', () => {
    const run = fakeRun({ tasks, checks: { rows: { after: ['load'] }, whole: {} } });
    run.exit('load');
    run.cancel();
    run.exit('other', 143);
    run.exit('mart', 143);
    expect(run.asked()).toEqual(['rows']);
    expect(run.status()).toBe('cancelled');
    run.answer('rows');
    expect(run.checkOf('rows').kind).toBe('done');
    expect(run.status()).toBe('cancelled');
  });

  test('runs again when a task it waits for runs again', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'] }, whole: {} } });
    run.exit('load');
    run.answer('rows', 'fail');
    run.answer('whole');
    run.retry('load');
    run.exit('load');
    run.answer('rows');
    run.answer('whole');
    expect(run.asked()).toEqual(['rows', 'whole', 'rows', 'whole']);
    expect(run.status()).toBe('success');
  });

  test('runs again when its verdict comes after a task it waits for was reset', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { rows: { after: ['load'] } } });
    run.exit('load');
    run.retry('load');
    run.exit('load');
    expect(run.asked()).toEqual(['rows']);
    run.answer('rows', 'fail');
    expect(run.asked()).toEqual(['rows', 'rows']);
    run.answer('rows');
    expect(run.status()).toBe('success');
  });

  test('has one verdict; a second one changes nothing', () => {
    const run = fakeRun({ tasks, checks: { rows: { after: ['load'] } } });
    run.exit('load');
    run.answer('rows');
    const before = run.state();
    run.answer('rows', 'fail');
    expect(run.state()).toBe(before);
  });
});

describe('a check before a task', () => {
  const preceded = { tasks, checks: { ready: { before: ['load'] } } };

  test('runs at the start, and only that task and its downstream wait for it', () => {
    const run = fakeRun(preceded);
    expect(run.asked()).toEqual(['ready']);
    expect(run.running()).toEqual(['other']);
    run.answer('ready');
    expect(run.running()).toEqual(['load', 'other']);
  });

  test('that fails keeps the task from running, and runs again when the task is retried', () => {
    const run = fakeRun(preceded);
    run.answer('ready', 'fail');
    expect(run.stateOf('load')).toEqual({ kind: 'upstream-failed', because: 'ready' });
    expect(run.stateOf('mart')).toEqual({ kind: 'upstream-failed', because: 'load' });
    run.retry('load');
    expect(run.asked()).toEqual(['ready', 'ready']);
    run.answer('ready');
    expect(run.running()).toContain('load');
  });

  test('runs between the tasks that it names', () => {
    const run = fakeRun({ tasks, checks: { ready: { after: ['load'], before: ['mart'] } } });
    expect(run.asked()).toEqual([]);
    run.exit('load');
    expect(run.asked()).toEqual(['ready']);
    expect(run.stateOf('mart').kind).toBe('waiting');
    run.answer('ready');
    expect(run.running()).toContain('mart');
  });
});

describe('the sessions of checks count as connections', () => {
  const sketch = {
    tasks: { load: {}, big: { after: ['load'], connections: 2 }, free: { after: ['load'] } },
    checks: { one: { after: ['load'] }, two: { after: ['load'] } },
  };

  test('so that a task waits until enough checks are answered', () => {
    const run = fakeRun(sketch, { connectionBudget: 3 });
    run.exit('load');
    expect(run.running()).toEqual(['free']);
    run.answer('one');
    expect(run.running()).toEqual(['big', 'free']);
  });

  test('and a task that needs more than the budget starts when no check is asked', () => {
    const run = fakeRun(sketch, { connectionBudget: 1 });
    run.exit('load');
    run.answer('one');
    expect(run.running()).toEqual(['free']);
    run.answer('two');
    expect(run.running()).toEqual(['big', 'free']);
  });
});

describe('a gate', () => {
  const gated = { tasks, checks: { gate: { after: ['load'], gate: true } } };

  test.each(['pass', 'warn'] as const)('with the verdict %s lets its tasks start', (verdict) => {
    const run = fakeRun(gated);
    run.exit('load');
    expect(run.running()).toEqual(['other']);
    run.answer('gate', verdict);
    expect(run.running()).toEqual(['other', 'mart']);
  });

  test.each(['fail', 'error'] as const)('with the verdict %s keeps its tasks from running', (verdict) => {
    const run = fakeRun(gated);
    run.exit('load');
    run.answer('gate', verdict);
    expect(run.stateOf('mart')).toEqual({ kind: 'upstream-failed', because: 'gate' });
  });

  test('that is never run keeps all its tasks from running', () => {
    const run = fakeRun({
      tasks: { a: {}, b: {}, onA: { after: ['a'] } },
      checks: { gate: { after: ['a', 'b'], gate: true } },
    });
    run.exit('a');
    run.exit('b', 1);
    expect(run.stateOf('onA')).toEqual({ kind: 'upstream-failed', because: 'gate' });
    run.retry('b');
    run.exit('b');
    run.answer('gate');
    expect(run.running()).toEqual(['onA']);
  });

  test('runs again when a task that it held back is retried', () => {
    const run = fakeRun({
      tasks: { load: {}, mart: { after: ['load'] }, report: { after: ['mart'] } },
      checks: { gate: { after: ['load'], gate: true } },
    });
    run.exit('load');
    run.answer('gate', 'fail');
    expect(run.status()).toBe('failed');
    run.retry('mart');
    expect(run.asked()).toEqual(['gate', 'gate']);
    expect(run.summary()).toBe('load: succeeded, mart: waiting, report: waiting');
    run.answer('gate');
    run.exit('mart');
    run.exit('report');
    expect(run.status()).toBe('success');
  });

  test('that came due while the run was being cancelled runs when the run is reopened', () => {
    const run = fakeRun({ tasks: { load: {}, mart: { after: ['load'] } }, checks: gated.checks });
    run.skip('load');
    run.cancel();
    run.exit('load', 143);
    expect(run.summary()).toBe('load: skipped, mart: cancelled');
    expect(run.asked()).toEqual([]);
    run.retry('mart');
    expect(run.asked()).toEqual(['gate']);
    run.answer('gate');
    expect(run.running()).toEqual(['mart']);
  });

  test('closes again when a task it waits for runs again', () => {
    const run = fakeRun({ tasks, checks: gated.checks });
    run.pause();
    run.exit('load');
    run.answer('gate');
    run.retry('load');
    run.resume();
    run.exit('load');
    expect(run.summary()).toBe('load: succeeded, other: running, mart: waiting');
    run.answer('gate');
    expect(run.running()).toEqual(['other', 'mart']);
  });
});
