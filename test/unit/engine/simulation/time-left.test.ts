import { describe, expect, it } from 'vitest';
import type { LevelId } from '../../../../src/engine/model/ids.ts';
import { estimateTimeLeft, timeLeft } from '../../../../src/engine/simulation/time-left.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import { pastOf } from './past-of.ts';

const machine = { cores: 2, memoryBytes: 8e9 };

const leftOf = (run: FakeRun, past: Parameters<typeof pastOf>[0]) =>
  timeLeft(run.state(), pastOf(past), machine, run.now());

const thrice = (ms: number) => [ms, ms, ms];

describe('the time left of a run', () => {
  it('is that of the longest chain through what runs and what waits', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] }, c: {} } });
    const past = { a: thrice(4000), b: thrice(6000), c: thrice(3000) };
    expect(leftOf(run, past)).toEqual({ ms: 10_000 });
    run.pass(3000);
    run.exit('c');
    expect(leftOf(run, past)).toEqual({ ms: 7000 });
    run.exit('a');
    expect(leftOf(run, past)).toEqual({ ms: 6000 });
  });

  it('counts the wait for a slot, a retry and a check', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} } }, { maxParallel: 1 });
    expect(leftOf(run, { a: thrice(1000), b: thrice(2000) })).toEqual({ ms: 3000 });
    const checked = fakeRun({ tasks: { a: {} }, checks: { sane: {} } });
    expect(leftOf(checked, { a: thrice(1000), 'check sane': 700 })).toEqual({ ms: 1700 });
  });

  it('is a range as long as there were fewer than three runs, or a task is new', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    expect(leftOf(run, { a: [1000, 3000], b: thrice(1000) })).toEqual({ ms: 3000, lowMs: 2000, highMs: 4000 });
    expect(leftOf(run, { a: [3000], b: thrice(1000) })).toEqual({ ms: 4000, lowMs: 3000, highMs: 5500 });
    expect(leftOf(run, { a: [1000, 2000, 6000] })).toMatchObject({ ms: 4000, lowMs: 2000, highMs: 12_000 });
  });

  it('is not told without a history, nor when less than half of the tasks have one', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {} } });
    expect(leftOf(run, {})).toBeUndefined();
    expect(leftOf(run, { a: thrice(1000) })).toBeUndefined();
    expect(leftOf(run, { a: thrice(1000), b: thrice(1000) })).toBeDefined();
  });

  it('is not told while the run is paused, when it is over, and when it takes longer than ever', () => {
    const run = fakeRun({ tasks: { a: {} } });
    const past = { a: thrice(1000) };
    run.pause();
    expect(leftOf(run, past)).toBeUndefined();
    run.resume();
    run.pass(5000);
    expect(leftOf(run, past)).toBeUndefined();
    run.exit('a');
    expect(leftOf(run, past)).toBeUndefined();
  });

  it('is told of each level that has a limit, from its beginning to its end', () => {
    const run = fakeRun({
      tasks: { a: {}, b: {}, c: { after: ['a'] }, d: { after: ['c'] } },
      levels: { load: ['a', 'b'], mart: ['c', 'd'], other: [] },
      slas: {
        levelsMs: new Map([
          ['load' as LevelId, 1],
          ['mart' as LevelId, 1],
        ]),
      },
    });
    const past = { a: thrice(4000), b: thrice(1000), c: thrice(2000), d: thrice(3000) };
    expect([...leftOf(run, past)!.levels!]).toEqual([
      ['load', { startMs: 0, endMs: 4000 }],
      ['mart', { startMs: 4000, endMs: 9000 }],
    ]);
    run.pass(4500);
    run.exit('a');
    run.exit('b');
    run.pass(500);
    expect([...leftOf(run, past)!.levels!]).toEqual([['mart', { startMs: 0, endMs: 4500 }]]);
  });

  it('says so when something takes longer than in any earlier run', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pass(5000);
    expect(leftOf(run, { a: thrice(4000), b: thrice(1000) })).toEqual({ ms: 1000, overdue: true });
  });

  it('of a draining run is that of what still runs', () => {
    const run = fakeRun({ tasks: { a: { critical: true }, b: {}, c: { after: ['b'] } } });
    run.exit('a', 1);
    expect(leftOf(run, { a: thrice(1000), b: thrice(2000), c: thrice(9000) })).toEqual({ ms: 2000 });
  });

  it('can be estimated in small parts, with the same result', () => {
    const names = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const run = fakeRun({ tasks: Object.fromEntries(names.map((name) => [name, {}])) });
    const past = Object.fromEntries(names.map((name, index) => [name, [100 + index, 300 + index]]));
    const estimate = estimateTimeLeft(run.state(), pastOf(past), machine, run.now());
    let parts = 1;
    while (!estimate.advance(7)) {
      expect(estimate.result()).toBeUndefined();
      parts += 1;
    }
    expect(parts).toBeGreaterThan(10);
    expect(estimate.result()).toEqual(leftOf(run, past));
  });
});
