import { describe, expect, it } from 'vitest';
import { findRegressions, type PerformanceRecord, type Regression } from '../../../../../src/engine/index.ts';
import { noisy, randomOf, recordOfDay, runOfDay } from '../../../../support/performance-records.ts';

/** What is found at the last of some runs in which one task took these seconds. */
function found(seconds: readonly number[], more: Partial<PerformanceRecord> = {}): readonly Regression[] {
  const records = seconds.map((one, day) => recordOfDay(day, { load: one }, more));
  return tasksOf(findRegressions(records.at(-1)!, records.slice(0, -1)));
}

function tasksOf(regressions: readonly Regression[]): readonly Regression[] {
  return regressions.filter(({ task }) => task !== undefined);
}

const usual = { games: 20, rosters: 4, odds: 60, weather: 9, plays: 45, mart: 2, epa: 30, views: 12 };

/** Runs with noise, of which one task is slower by a share from some day on. */
function history(days: number, seed: number, noise: number, slow?: { task: string; from: number; by: number }) {
  const random = randomOf(seed);
  return Array.from({ length: days }, (_, day) => {
    const tasks = Object.entries(usual).map(([task, seconds]) => {
      const factor = slow !== undefined && task === slow.task && day >= slow.from ? 1 + slow.by : 1;
      return [task, noisy(seconds * factor, noise, random)] as const;
    });
    return recordOfDay(day, Object.fromEntries(tasks));
  });
}

/** What each run from the sixth on was told. */
function toldOf(records: readonly PerformanceRecord[]): readonly (readonly Regression[])[] {
  return records.map((record, at) => findRegressions(record, records.slice(0, at)));
}

describe('twelve runs with a noise of 10 %, of which one task takes 40 % longer from the eighth on', () => {
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);
  const last = seeds.map((seed) => {
    const records = history(12, seed, 0.1, { task: 'plays', from: 7, by: 0.4 });
    return tasksOf(findRegressions(records.at(-1)!, records.slice(0, -1)));
  });

  it('name that task at the last of them, and no other', () => {
    const named = last.filter((regressions) => regressions.some(({ task }) => task === 'plays')).length;
    const others = last.flat().filter(({ task }) => task !== 'plays').length;
    expect({ named: named >= 95, others: others <= 2 }, `${named} named, ${others} others`).toEqual({
      named: true,
      others: true,
    });
  });

  it('say that it began with the eighth, or one beside it', () => {
    const since = last.flat().map((regression) => regression.since);
    const near = [6, 7, 8].map(runOfDay);
    expect(since.filter((run) => near.includes(run)).length / since.length).toBeGreaterThan(0.9);
  });
});

describe('noise alone', () => {
  it.each([0.02, 0.05, 0.1])(
    'of %d: at most two of a hundred histories of twelve runs are told of anything',
    (noise) => {
      const alarms = Array.from({ length: 100 }, (_, seed) => toldOf(history(12, 1000 + seed, noise)).flat());
      expect(alarms.filter((told) => told.length > 0).length).toBeLessThanOrEqual(2);
    },
  );
});

describe('a regression', () => {
  it('has the usual duration, the change, and since which run it lasts', () => {
    const [regression] = found([10, 11, 10, 9, 10, 10, 15, 16, 15]);
    expect(regression).toEqual({
      task: 'load',
      seconds: 15,
      usual_seconds: 10,
      change: 0.5,
      compared_runs: 6,
      since: runOfDay(6),
      slower_runs: 3,
    });
  });

  it('is told of a single run too, when it is very clear', () => {
    expect(found([10, 11, 10, 9, 10, 20])).toMatchObject([{ since: runOfDay(5), slower_runs: 1 }]);
  });

  it('is over when a run takes as long as usual again', () => {
    expect(found([10, 11, 10, 9, 10, 10, 15, 16, 10])).toEqual([]);
  });

  it('needs five earlier runs', () => {
    expect(found([10, 10, 10, 10, 30])).toEqual([]);
    expect(found([10, 10, 10, 10, 10, 30])).toHaveLength(1);
  });

  it('is not hidden by a single slow run of the past', () => {
    expect(found([10, 11, 90, 9, 10, 10, 10, 10, 16, 16])).toMatchObject([{ since: runOfDay(8), usual_seconds: 10 }]);
  });

  it('becomes what is usual when it has lasted for ten runs', () => {
    const runs = [...Array.from({ length: 10 }, () => 10), ...Array.from({ length: 10 }, () => 15)];
    expect(found(runs)).toHaveLength(1);
    expect(found([...runs, ...Array.from({ length: 6 }, () => 15)])).toEqual([]);
  });

  it('is nothing that takes milliseconds longer, however alike the earlier runs were', () => {
    expect(found([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3])).toEqual([]);
    expect(found([10, 10, 10, 10, 10, 10, 11])).toEqual([]);
    expect(found([0, 0, 0, 0, 0, 0, 0.2])).toEqual([]);
  });

  it('is not sought among runs with other parameters, failures and work of fallbacks', () => {
    const records = [10, 10, 10, 10, 10, 10].map((seconds, day) => recordOfDay(day, { load: seconds }));
    const at = (sketch: Parameters<typeof recordOfDay>[1], more: Partial<PerformanceRecord> = {}) =>
      tasksOf(findRegressions(recordOfDay(6, sketch, more), records));
    expect(at({ load: 30 })).toHaveLength(1);
    expect(at({ load: 30 }, { params: { season: '2024' } })).toEqual([]);
    expect(at({ load: { seconds: 30, status: 'failed' } }, { status: 'failed' })).toEqual([]);
    expect(at({ load: { seconds: 30, degraded: 'of yesterday' } })).toEqual([]);
  });

  it('ignores an earlier end of the same run', () => {
    const records = [10, 10, 10, 10, 30].map((seconds, day) => recordOfDay(day, { load: seconds }));
    const record = recordOfDay(5, { load: 30 });
    expect(findRegressions(record, [...records.slice(0, 4), record])).toEqual([]);
  });

  it('says beside it how many rows there were', () => {
    const records = [10, 10, 10, 10, 10].map((seconds, day) => recordOfDay(day, { load: { seconds, rows: 1000 } }));
    const [, regression] = findRegressions(recordOfDay(5, { load: { seconds: 20, rows: 2000 } }), records);
    expect(regression).toMatchObject({ task: 'load', rows: 2000, usual_rows: 1000 });
  });

  it('of the whole run comes first, compared with runs of the same tasks, and without time in which nothing ran', () => {
    const day = (at: number, load: number, more: Partial<PerformanceRecord> = {}) =>
      recordOfDay(at, { load, mart: 5 }, more);
    const past = [10, 10, 10, 10, 10].map((seconds, at) => day(at, seconds));
    expect(findRegressions(day(5, 30), past).map(({ task }) => task)).toEqual([undefined, 'load']);
    const waited = { total_duration_seconds: 3600 };
    expect(findRegressions(day(5, 10, waited), past)).toEqual([]);
    const other = recordOfDay(5, { load: 10, mart: 5, more: 60 });
    expect(findRegressions(other, past)).toEqual([]);
    expect(findRegressions(day(5, 30, { sequential: true }), past).map(({ task }) => task)).toEqual(['load']);
  });

  it('names the tasks that lost the most time first', () => {
    const past = [0, 1, 2, 3, 4].map((at) => recordOfDay(at, { short: 1, long: 60 }));
    const told = findRegressions(recordOfDay(5, { short: 3, long: 120 }), past);
    expect(told.map(({ task }) => task)).toEqual([undefined, 'long', 'short']);
  });
});
