import { describe, expect, it } from 'vitest';
import type { LevelId } from '../../../../../src/engine/model/ids.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { judgedSla, judgedSlas } from './judged.ts';

const minute = 60_000;

describe('the time of a run', () => {
  const start = () => fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, slas: { runMs: 20 * minute } });

  it('is met by a run that took no longer, and missed by one that took longer', () => {
    const quick = start();
    quick.pass(12 * minute);
    quick.exit('a');
    quick.pass(8 * minute);
    quick.exit('b');
    expect(judgedSla(quick, 'run')).toBe('met: took 20m00s, limit 20m');
    const slow = start();
    slow.pass(12 * minute);
    slow.exit('a');
    slow.pass(9 * minute + 12_000);
    slow.exit('b');
    expect(judgedSla(slow, 'run')).toBe('missed: took 21m12s, limit 20m');
  });

  it('is at risk while there is time, as soon as earlier runs say that it will take longer', () => {
    const run = start();
    run.pass(5 * minute);
    expect(judgedSla(run, 'run', { left: 14 * 60 })).toBe('open: 5m00s of 20m');
    expect(judgedSla(run, 'run', { left: 17 * 60 })).toBe('at-risk: may take 22m00s, limit 20m');
  });

  it('is at risk when four fifths of it have passed and earlier runs say nothing, or something takes longer than in any of them', () => {
    const run = start();
    run.pass(15 * minute);
    expect(judgedSla(run, 'run')).toBe('open: 15m00s of 20m');
    run.pass(minute);
    expect(judgedSla(run, 'run')).toBe('at-risk: 16m00s of 20m used, not finished');
    expect(judgedSla(run, 'run', { left: 60 })).toBe('open: 16m00s of 20m');
    expect(judgedSla(run, 'run', { left: 60, overdue: true })).toMatch(/^at-risk: 16m00s of 20m/);
  });

  it('is missed before the end once it has passed', () => {
    const run = start();
    run.pass(20 * minute + 1);
    expect(judgedSla(run, 'run')).toBe('missed: has taken just over 20m00s so far, limit 20m');
  });

  it('says nothing of a run that failed or was cancelled within it, and is missed by one that did so later', () => {
    const early = start();
    early.pass(minute);
    early.exit('a', 1);
    expect(judgedSla(early, 'run')).toBe('not-measured: not all of its tasks finished; it took 1m00s');
    const late = start();
    late.pass(21 * minute);
    late.exit('a', 1);
    expect(judgedSla(late, 'run')).toBe('missed: took 21m00s, limit 20m');
  });

  it('does not count while nothing runs because a person paused the run, and tells how long that was', () => {
    const run = start();
    run.pass(10 * minute);
    run.pause();
    run.pass(5 * minute);
    run.exit('a');
    run.pass(30 * minute);
    run.resume();
    run.pass(4 * minute);
    run.exit('b');
    expect(judgedSla(run, 'run')).toBe('met: took 19m00s, limit 20m, without 30m00s of waiting for a person');
  });

  it('does not count between an end and the moment when somebody takes the run up again', () => {
    const run = start();
    run.pass(minute);
    run.exit('a', 1);
    run.pass(180 * minute);
    run.retry('a', true);
    run.pass(minute);
    run.exit('a');
    run.pass(minute);
    run.exit('b');
    expect(judgedSla(run, 'run')).toBe('met: took 3m00s, limit 20m, without 3h00m of waiting for a person');
  });

  it('counts the wait for a retry, for which nobody is waited', () => {
    const run = fakeRun({
      tasks: { a: { retry: { retries: 1, initialMs: 30 * minute, maxMs: 30 * minute } } },
      slas: { runMs: 20 * minute },
    });
    run.exit('a', 1);
    run.fire('retry', 'a');
    run.exit('a');
    expect(judgedSla(run, 'run')).toBe('missed: took 30m00s, limit 20m');
  });
});

describe('the time of a level', () => {
  const start = () =>
    fakeRun({
      tasks: { a: {}, b: {}, c: { after: ['a'] }, d: { after: ['c'] } },
      levels: { load: ['a', 'b'], mart: ['c', 'd'] },
      slas: {
        levelsMs: new Map([
          ['load' as LevelId, 5 * minute],
          ['mart' as LevelId, 5 * minute],
        ]),
      },
    });

  it('is from the first start of its tasks to the last end, and is judged as soon as that is there', () => {
    const run = start();
    expect(judgedSla(run, 'levels.mart')).toBe('open: not started, limit 5m');
    run.pass(2 * minute);
    run.exit('a');
    run.pass(minute);
    run.exit('b');
    expect(judgedSla(run, 'levels.load')).toBe('met: took 3m00s, limit 5m');
    run.pass(3 * minute);
    expect(judgedSla(run, 'levels.load')).toBe('met: took 3m00s, limit 5m');
    expect(judgedSla(run, 'levels.mart')).toBe('at-risk: 4m00s of 5m used, not finished');
    run.pass(2 * minute);
    run.exit('c');
    expect(judgedSla(run, 'levels.mart')).toBe('missed: has taken 6m00s so far, limit 5m');
    run.exit('d');
    expect(judgedSla(run, 'levels.mart')).toBe('missed: took 6m00s, limit 5m');
  });

  it('is at risk before the level has begun, when earlier runs say that it will take longer', () => {
    const run = start();
    const known = { left: 500, levelsLeft: { load: 100, mart: 360 } };
    expect(judgedSla(run, 'levels.mart', known)).toBe('at-risk: may take 6m00s, limit 5m');
    expect(judgedSla(run, 'levels.load', known)).toBe('open: 0.0s of 5m');
  });

  it('does not go on after its end, and goes on when one of its tasks is run again', () => {
    const run = start();
    run.pass(minute);
    run.exit('a');
    run.exit('b');
    run.pass(20 * minute);
    run.retry('b');
    run.pass(minute);
    expect(judgedSla(run, 'levels.load')).toBe('open: 2m00s of 5m');
    run.exit('b');
    expect(judgedSla(run, 'levels.load')).toBe('met: took 2m00s, limit 5m');
  });

  it('says nothing of a level in which nothing ran, or not everything', () => {
    const run = start();
    run.exit('a', 1);
    run.exit('b');
    expect(judgedSlas(run).map(({ sla, status, message }) => [sla, status, message])).toEqual([
      ['levels.load', 'not-measured', 'not all of its tasks finished; it took 0.0s'],
      ['levels.mart', 'not-measured', 'none of its tasks ran'],
    ]);
  });
});
