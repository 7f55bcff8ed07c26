import { describe, expect, it } from 'vitest';
import { trendsOf } from '../../../../../src/engine/results/trends/run-trends.ts';
import { statisticsOf } from '../../../../../src/engine/results/trends/statistics.ts';
import { recordOfDay, runOfDay } from '../../../../support/performance-records.ts';

describe('statistics', () => {
  it('have mean, median, deviation and extremes', () => {
    expect(statisticsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      count: 8,
      mean: 5,
      median: 4.5,
      stdev: 2.138,
      min: 2,
      max: 9,
    });
  });

  it('of one value have no deviation, and of none there are none', () => {
    expect(statisticsOf([3])).toEqual({ count: 1, mean: 3, median: 3, min: 3, max: 3 });
    expect(statisticsOf([])).toBeUndefined();
  });
});

describe('the trends of a pipeline', () => {
  it('have the runs and the durations of each task in each of them, those that did not succeed left out', () => {
    const trends = trendsOf([
      recordOfDay(0, { games: 10, odds: 2 }),
      recordOfDay(1, { games: 20, odds: { seconds: 9, status: 'failed', attempts: 3 } }, { status: 'failed' }),
      recordOfDay(2, { games: 30, odds: { seconds: 1, degraded: 'of yesterday', attempts: 2 } }),
      recordOfDay(3, { games: 40, odds: { seconds: 0, status: 'upstream_failed', attempts: 0 } }, { status: 'failed' }),
    ]);
    expect(trends.runs.map(({ run_id, status }) => [run_id, status])).toEqual([
      [runOfDay(0), 'success'],
      [runOfDay(1), 'failed'],
      [runOfDay(2), 'success'],
      [runOfDay(3), 'failed'],
    ]);
    expect(trends.overall).toMatchObject({ seconds: [12, null, 31, null], ran: 4, success_rate: 0.5, retries: 3 });
    expect(trends.tasks).toMatchObject([
      { task: 'games', seconds: [10, 20, 30, 40], ran: 4, success_rate: 1, retries: 0, statistics: { median: 25 } },
      {
        task: 'odds',
        seconds: [2, null, null, null],
        ran: 3,
        success_rate: 0.667,
        retries: 3,
        statistics: { count: 1 },
      },
    ]);
  });

  it('begin with the slowest task, and name the five slowest', () => {
    const tasks = {
      a: 1,
      b: 7,
      c: 3,
      d: 6,
      e: 5,
      f: 4,
      never: { seconds: 0, status: 'skipped', attempts: 0 } as const,
    };
    const { tasks: trends, slowest } = trendsOf([recordOfDay(0, tasks)]);
    expect(trends.map(({ task }) => task)).toEqual(['b', 'd', 'e', 'f', 'c', 'a', 'never']);
    expect(slowest).toEqual(['b', 'd', 'e', 'f', 'c']);
  });

  it('have the share of the critical path, as far as runs were measured', () => {
    const measured = { critical_path_seconds: 20, critical_path: ['games'] as never };
    const { critical_path: _, ...older } = recordOfDay(2, { games: 15, odds: 5 });
    const { tasks } = trendsOf([
      recordOfDay(0, { games: 15, odds: 5 }, measured),
      recordOfDay(1, { games: 5, odds: 5 }, measured),
      older,
    ]);
    expect(tasks.map(({ task, critical_share }) => [task, critical_share])).toEqual([
      ['games', 0.5],
      ['odds', 0],
    ]);
    expect(trendsOf([older]).tasks[0]).not.toHaveProperty('critical_share');
  });

  it('have the rows, of a run those of all its tasks', () => {
    const day = (at: number, rows: number) =>
      recordOfDay(at, { games: { seconds: 1, rows }, odds: { seconds: 1, rows: 5 }, mart: 1 });
    const { overall, tasks } = trendsOf([day(0, 100), day(1, 300)]);
    expect(overall.rows).toMatchObject({ median: 205, max: 305 });
    expect(tasks.map(({ rows }) => rows?.median)).toEqual([200, 5, undefined]);
  });

  it('look for what has become slower in earlier runs too', () => {
    const records = [1, 1, 1, 1, 1, 1, 9].map((seconds, day) => recordOfDay(day, { games: seconds }));
    expect(trendsOf(records.slice(-2), records.slice(0, -2)).regressions).toHaveLength(2);
    expect(trendsOf(records.slice(-2)).regressions).toEqual([]);
  });
});
