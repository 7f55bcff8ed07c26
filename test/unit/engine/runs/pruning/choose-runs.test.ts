import { describe, expect, it } from 'vitest';
import type { EpochMs, RunId } from '../../../../../src/engine/model/ids.ts';
import { beganAt, chooseRuns } from '../../../../../src/engine/runs/pruning/choose-runs.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 10, 12) as EpochMs;
/** Of the 9th, the 8th, …; each takes 10 bytes. */
const newestFirst = [9, 8, 7, 6, 5].map((date) => ({ run: `2026010${date}_120000_aaaa` as RunId, bytes: 10 }));
const runsOf = (...dates: readonly number[]) => dates.map((date) => `2026010${date}_120000_aaaa`);

describe('which runs a retention gives up', () => {
  it('those beyond the newest, the oldest first', () => {
    expect(chooseRuns(newestFirst, { keepRuns: 3 }, now)).toEqual(runsOf(5, 6));
    expect(chooseRuns(newestFirst, { keepRuns: 9 }, now)).toEqual([]);
  });

  it('those that began longer ago', () => {
    expect(chooseRuns(newestFirst, { olderThanMs: 3 * day }, now)).toEqual(runsOf(5, 6));
    expect(chooseRuns(newestFirst, { olderThanMs: day / 2 }, now)).toEqual(runsOf(5, 6, 7, 8, 9));
  });

  it('the oldest, until the rest fits, but never the newest', () => {
    expect(chooseRuns(newestFirst, { maxBytes: 35 }, now)).toEqual(runsOf(5, 6));
    expect(chooseRuns(newestFirst, { maxBytes: 1 }, now)).toEqual(runsOf(5, 6, 7, 8));
  });

  it('each that breaks one of several rules', () => {
    expect(chooseRuns(newestFirst, { keepRuns: 4, olderThanMs: 3 * day, maxBytes: 25 }, now)).toEqual(runsOf(5, 6, 7));
  });

  it('none without a rule', () => {
    expect(chooseRuns(newestFirst, {}, now)).toEqual([]);
  });
});

it('a run began in the second that its name has', () => {
  expect(new Date(beganAt('20260105_070012_k3fq' as RunId)).toISOString()).toBe('2026-01-05T07:00:12.000Z');
});
