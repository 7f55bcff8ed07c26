import { expect, it } from 'vitest';
import { killMoments } from '../../../../src/engine/verify/kill-moments.ts';

it('a task is killed once in each part of its work, early and late', () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const moments = killMoments(seed, 'load', 3, 3_000);
    expect(moments).toHaveLength(3);
    moments.forEach((moment, part) => {
      expect(moment).toBeGreaterThanOrEqual(part * 1_000);
      expect(moment).toBeLessThanOrEqual((part + 1) * 1_000);
    });
  }
});

it('the same seed kills the same task at the same moments, and another task or seed at others', () => {
  expect(killMoments(7, 'load', 2, 60_000)).toEqual(killMoments(7, 'load', 2, 60_000));
  expect(killMoments(7, 'load', 2, 60_000)).not.toEqual(killMoments(7, 'mart', 2, 60_000));
  expect(killMoments(7, 'load', 2, 60_000)).not.toEqual(killMoments(8, 'load', 2, 60_000));
});

it('over many seeds every moment is as likely as any other', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 5_000; seed += 1)
    tenths[Math.min(9, Math.floor(killMoments(seed, 'load', 1, 1_000)[0]! / 100))]! += 1;
  for (const count of tenths) expect(count).toBeGreaterThan(400);
});
