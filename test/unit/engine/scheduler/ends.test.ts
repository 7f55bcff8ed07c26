import { describe, expect, test } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { type FakeRun, fakeRun, resumedRun } from '../../../support/fake-run.ts';

const always = { runWhen: 'always' } as const;
const onFailure = { runWhen: 'on-failure' } as const;
const setup = (teardown: string) => ({ setup: { teardown: teardown as TaskId } });

/** The state that the journal gives is the one in memory. */
const expectExactFold = (run: FakeRun) => expect(run.replayed()).toEqual(run.state());

describe('a task that always runs at the end', () => {
  const tasks = { load: {}, mart: { after: ['load'] }, cleanup: always };

  test('waits for everything else, whatever becomes of it, and does not change the verdict', () => {
    const run = fakeRun({ tasks });
    expect(run.why('cleanup')).toBe('runs at the end');
    run.exit('load', 1);
    expect(run.summary()).toBe('load: failed, mart: upstream-failed, cleanup: running');
    run.exit('cleanup');
    expect(run.status()).toBe('failed');
    expectExactFold(run);
  });

  test('runs after a success as well', () => {
    const run = fakeRun({ tasks });
    run.exit('load');
    expect(run.running()).toEqual(['mart']);
    run.exit('mart');
    run.exit('cleanup');
    expect(run.status()).toBe('success');
  });

  test('makes the run fail when it fails itself, after its retries', () => {
    const run = fakeRun({ tasks: { load: {}, cleanup: { ...always, retry: { retries: 1 } } } });
    run.exit('load');
    run.exit('cleanup', 1);
    run.fire('retry', 'cleanup');
    run.exit('cleanup', 1);
    expect(run.status()).toBe('failed');
  });

  test('runs after the run was cancelled, with its retries, and the run is cancelled', () => {
    const run = fakeRun({ tasks: { ...tasks, cleanup: { ...always, retry: { retries: 1 } } } });
    run.cancel();
    expect(run.summary()).toBe('load: running, mart: cancelled, cleanup: waiting');
    run.exit('load', 143);
    run.exit('cleanup', 1);
    run.fire('retry', 'cleanup');
    expect(run.running()).toEqual(['cleanup']);
    run.exit('cleanup');
    expect(run.status()).toBe('cancelled');
    expectExactFold(run);
  });

  test('is not stopped by the first wish to cancel the run, and given up at the second', () => {
    const run = fakeRun({ tasks });
    run.exit('load', 1);
    run.cancel();
    expect(run.running()).toEqual(['cleanup']);
    expect(run.effects.filter(({ type }) => type === 'terminate-task')).toEqual([]);
    expect(run.cancel()).toBeUndefined();
    expect(run.cancel()).toBe('the run is already being cancelled');
    run.exit('cleanup', 143);
    expect(run.stateOf('cleanup')).toEqual({ kind: 'cancelled', reason: 'the run was cancelled', withRun: true });
    expectExactFold(run);
  });

  test('that has not begun is given up with what still runs', () => {
    const run = fakeRun({ tasks });
    run.cancel();
    run.cancel();
    expect(run.summary()).toBe('load: running, mart: cancelled, cleanup: cancelled');
    run.exit('load', 143);
    expect(run.status()).toBe('cancelled');
  });

  test('runs after a critical failure, and in a sequential run that stops', () => {
    const critical = fakeRun({ tasks: { load: { critical: true }, other: {}, cleanup: always } });
    critical.exit('load', 1);
    critical.exit('other');
    expect(critical.running()).toEqual(['cleanup']);
    const sequential = fakeRun({ tasks: { load: {}, other: {}, cleanup: always } }, { sequential: true });
    sequential.exit('load', 1);
    expect(sequential.summary()).toBe('load: failed, other: cancelled, cleanup: running');
  });

  test('is not run when the journal is lost', () => {
    const run = fakeRun({ tasks });
    run.take({ type: 'journal-lost', notBegun: [] });
    run.exit('load');
    expect(run.summary()).toBe('load: succeeded, mart: cancelled, cleanup: cancelled');
  });

  test('is held back by a pause, unless the run was cancelled: nobody would end it', () => {
    const run = fakeRun({ tasks: { load: {}, cleanup: always } });
    run.pause();
    run.exit('load');
    expect(run.why('cleanup')).toBe('run is paused');
    run.cancel();
    expect(run.running()).toEqual(['cleanup']);
  });

  test('waits for the checks at the end of the run, and for another task at the end that it depends on', () => {
    const run = fakeRun({
      tasks: { load: {}, cleanup: always, report: { ...always, after: ['cleanup'] } },
      checks: { rows: {} },
    });
    run.exit('load');
    expect(run.asked()).toEqual(['rows']);
    expect(run.running()).toEqual([]);
    run.answer('rows', 'fail');
    expect(run.running()).toEqual(['cleanup']);
    expect(run.why('report')).toBe('waits for cleanup');
    run.exit('cleanup', 1);
    expect(run.running()).toEqual(['report']);
  });

  test('runs again when a task is run again after the end', () => {
    const run = fakeRun({ tasks });
    run.exit('load', 1);
    run.exit('cleanup');
    expect(run.retry('load')).toBeUndefined();
    expect(run.summary()).toBe('load: running, mart: waiting, cleanup: waiting');
    for (const task of ['load', 'mart', 'cleanup']) run.exit(task);
    expect(run.status()).toBe('success');
    expectExactFold(run);
  });

  test('can be run again alone, and keeps others from running again while it runs', () => {
    const run = fakeRun({ tasks });
    run.exit('load', 1);
    expect(run.retry('load')).toBe('task cleanup is running at the end of the run; wait for it');
    expect(run.skip('load')).toBe('task cleanup is running at the end of the run; wait for it');
    run.exit('cleanup', 1);
    run.retry('cleanup');
    expect(run.running()).toEqual(['cleanup']);
    run.exit('cleanup');
    expect(run.status()).toBe('failed');
  });
});

describe('a task that runs after a failure only', () => {
  const tasks = { load: {}, alarm: onFailure };

  test('is not needed when everything succeeds', () => {
    const run = fakeRun({ tasks });
    run.exit('load');
    expect(run.stateOf('alarm')).toEqual({ kind: 'not-needed', stops: false });
    expect(run.status()).toBe('success');
    expect(run.retry('alarm')).toBe('task alarm is not needed');
    expectExactFold(run);
  });

  test('runs when a task or a check fails, and when the run is cancelled', () => {
    const failed = fakeRun({ tasks });
    failed.exit('load', 1);
    expect(failed.running()).toEqual(['alarm']);
    const wrong = fakeRun({ tasks, checks: { rows: { after: ['load'] } } });
    wrong.exit('load');
    wrong.answer('rows', 'fail');
    expect(wrong.running()).toEqual(['alarm']);
    const cancelled = fakeRun({ tasks });
    cancelled.cancel();
    cancelled.exit('load', 143);
    expect(cancelled.running()).toEqual(['alarm']);
  });

  test('is asked anew when the failed task is run again', () => {
    const run = fakeRun({ tasks });
    run.exit('load', 1);
    run.exit('alarm');
    run.retry('load');
    run.exit('load');
    expect(run.summary()).toBe('load: succeeded, alarm: not-needed');
    expect(run.status()).toBe('success');
  });
});

describe('a failure that is tolerated', () => {
  const tasks = { extra: { continueOnFailure: true } as const, mart: { after: ['extra'] } };

  test('lets its downstream run, and the run succeed', () => {
    const run = fakeRun({ tasks });
    run.exit('extra', 1);
    expect(run.stateOf('extra')).toMatchObject({ kind: 'failed', tolerated: true });
    run.exit('mart');
    expect(run.status()).toBe('success');
    expectExactFold(run);
  });

  test('stops no sequential run, and calls no task for failures', () => {
    const run = fakeRun({ tasks: { ...tasks, other: {}, alarm: onFailure } }, { sequential: true });
    run.exit('extra', 1);
    for (const task of ['mart', 'other']) run.exit(task);
    expect(run.summary()).toBe('extra: failed, mart: succeeded, other: succeeded, alarm: not-needed');
  });

  test('may be a timeout, and only comes after its retries', () => {
    const run = fakeRun({ tasks: { extra: { ...tasks.extra, retry: { retries: 1 } } } });
    run.fire('timeout', 'extra');
    run.exit('extra', 143);
    run.fire('retry', 'extra');
    run.fire('timeout', 'extra');
    run.exit('extra', 143);
    expect(run.stateOf('extra')).toMatchObject({ kind: 'timed-out', tolerated: true });
    expect(run.status()).toBe('success');
  });

  test('counts as done when the run is resumed', () => {
    const run = fakeRun({ tasks: { ...tasks, other: {} } });
    run.exit('extra', 1);
    run.exit('mart');
    run.exit('other', 1);
    const resumed = resumedRun(run);
    expect(resumed.running()).toEqual(['other']);
    expect(resumed.fact.decisions).toMatchObject({ extra: { kind: 'reused' }, mart: { kind: 'reused' } });
  });
});

describe('a teardown', () => {
  const tasks = {
    start: setup('stop'),
    load: { after: ['start'] },
    other: {},
    stop: {},
  };

  test('runs as soon as everything downstream of its setup has ended, whatever became of it', () => {
    const run = fakeRun({ tasks });
    expect(run.running()).toEqual(['start', 'other']);
    run.exit('start');
    expect(run.why('stop')).toBe('waits for load');
    run.exit('load', 1);
    expect(run.running()).toEqual(['other', 'stop']);
    run.exit('stop');
    run.exit('other');
    expect(run.status()).toBe('failed');
    expectExactFold(run);
  });

  test('runs when the setup has failed half way', () => {
    const run = fakeRun({ tasks });
    run.exit('start', 1);
    expect(run.summary()).toBe('start: failed, load: upstream-failed, other: running, stop: running');
  });

  test('is not needed when its setup never began', () => {
    const run = fakeRun({ tasks: { first: {}, ...tasks, start: { ...tasks.start, after: ['first'] } } });
    run.exit('first', 1);
    run.exit('other');
    expect(run.stateOf('stop')).toEqual({ kind: 'not-needed', stops: false });
  });

  test('waits for the checks of what is downstream, and for those at the end of the run', () => {
    const early = fakeRun({ tasks, checks: { rows: { after: ['load'] } } });
    early.exit('start');
    early.exit('load');
    expect(early.running()).toEqual(['other']);
    early.answer('rows');
    expect(early.running()).toEqual(['other', 'stop']);
    const late = fakeRun({ tasks, checks: { all: {} } });
    for (const task of ['start', 'load', 'other']) late.exit(task);
    expect(late.running()).toEqual([]);
    late.answer('all');
    expect(late.running()).toEqual(['stop']);
  });

  test('of what was set up last runs first', () => {
    const run = fakeRun({
      tasks: {
        machine: setup('stop_machine'),
        database: { ...setup('stop_database'), after: ['machine'] },
        load: { after: ['database'] },
        stop_machine: {},
        stop_database: {},
      },
    });
    for (const task of ['machine', 'database', 'load']) run.exit(task);
    expect(run.running()).toEqual(['stop_database']);
    run.exit('stop_database', 1);
    expect(run.running()).toEqual(['stop_machine']);
  });

  test('runs once more when a task that needs the setup is run again, and the setup before it', () => {
    const run = fakeRun({ tasks });
    for (const task of ['start', 'other']) run.exit(task);
    run.exit('load', 1);
    run.exit('stop');
    expect(run.retry('load')).toBeUndefined();
    expect(run.summary()).toBe('start: running, load: waiting, other: succeeded, stop: waiting');
    for (const task of ['start', 'load', 'stop']) run.exit(task);
    expect(run.status()).toBe('success');
    expectExactFold(run);
  });

  test('leaves a setup that is on its way again to go on when another task that needs it is run again', () => {
    const waitFor = {
      for: { kind: 'file', path: 'free' },
      everyMs: 1_000,
      timeoutMs: 60_000,
      onTimeout: 'fail',
    } as const;
    const run = fakeRun({ tasks: { ...tasks, start: { ...tasks.start, waitFor } } });
    run.arrive('start');
    for (const task of ['start', 'other']) run.exit(task);
    run.exit('load', 1);
    run.exit('stop');
    run.retry('start');
    const since = run.stateOf('start');
    expect(since.kind).toBe('awaiting');
    run.pass(5_000);
    expect(run.retry('load')).toBeUndefined();
    expect(run.stateOf('start')).toEqual(since);
    run.arrive('start');
    for (const task of ['start', 'load', 'stop']) run.exit(task);
    expect(run.status()).toBe('success');
    expectExactFold(run);
  });

  test('leaves the setup alone when what is run again does not need it', () => {
    const run = fakeRun({ tasks });
    for (const task of ['start', 'load', 'stop']) run.exit(task);
    run.exit('other', 1);
    run.retry('other');
    expect(run.summary()).toBe('start: succeeded, load: succeeded, other: running, stop: succeeded');
  });
});

describe('when a run is resumed', () => {
  const tasks = { start: setup('stop'), load: { after: ['start'] }, stop: {}, cleanup: always };

  test('what did not run at its end runs at the end of the resumed one', () => {
    const run = fakeRun({ tasks });
    run.exit('start');
    const resumed = resumedRun(run);
    expect(resumed.summary()).toBe('start: succeeded, load: running, stop: waiting, cleanup: waiting');
    for (const task of ['load', 'stop', 'cleanup']) resumed.exit(task);
    expect(resumed.status()).toBe('success');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('what was taken down is set up again, and what ran at the end runs again', () => {
    const run = fakeRun({ tasks });
    run.exit('start');
    run.exit('load', 1);
    run.exit('stop');
    run.exit('cleanup');
    const resumed = resumedRun(run);
    expect(resumed.fact.decisions).toEqual({
      start: { kind: 'torn-down', by: 'stop' },
      load: { kind: 'failed' },
      stop: { kind: 'end', task: 'start' },
      cleanup: { kind: 'end', task: 'start' },
    });
    expect(resumed.running()).toEqual(['start']);
    for (const task of ['start', 'load']) resumed.exit(task);
    for (const task of ['stop', 'cleanup']) resumed.exit(task);
    expect(resumed.status()).toBe('success');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('only the task at the end runs again that was interrupted or has failed', () => {
    const interrupted = fakeRun({ tasks });
    for (const task of ['start', 'load', 'stop']) interrupted.exit(task);
    const again = resumedRun(interrupted);
    expect(again.fact.decisions).toMatchObject({ start: { kind: 'reused' }, cleanup: { kind: 'interrupted' } });
    expect(again.running()).toEqual(['cleanup']);
    interrupted.exit('cleanup', 1);
    const failed = resumedRun(interrupted);
    expect(failed.summary()).toBe('start: succeeded, load: succeeded, stop: succeeded, cleanup: running');
  });

  test('a teardown that was interrupted has the setup run again only where something needs it', () => {
    const run = fakeRun({ tasks: { ...tasks, mart: { after: ['load'] } } });
    for (const task of ['start', 'load']) run.exit(task);
    run.exit('mart', 1);
    expect(run.running()).toEqual(['stop', 'cleanup']);
    const resumed = resumedRun(run);
    expect(resumed.running()).toEqual(['start']);
    expect(resumed.stateOf('load').kind).toBe('succeeded');
    expect(resumed.stateOf('stop').kind).toBe('waiting');
  });
});
