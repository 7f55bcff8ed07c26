import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../../src/engine/index.ts';
import { recordOfDay, runOfDay } from '../../../../support/performance-records.ts';

describe('a run compared with another one', () => {
  const against = recordOfDay(
    0,
    { games: { seconds: 10, rows: 100 }, odds: 4, old: 1 },
    { params: { season: '2024', week: '3' } },
  );
  const run = recordOfDay(
    1,
    { games: { seconds: 15, rows: 120 }, odds: { seconds: 6, status: 'failed', attempts: 2 }, new: 2 },
    { params: { season: '2025', week: '3', full: 'yes' }, plan_hash: 'fedcba9876543210', status: 'failed' },
  );

  it('tells both runs and the difference of the whole', () => {
    expect(compareRuns(run, against)).toMatchObject({
      run: { run_id: runOfDay(1), status: 'failed', total_duration_seconds: 23 },
      against: { run_id: runOfDay(0), status: 'success', total_duration_seconds: 15 },
      difference_seconds: 8,
      change: 0.533,
      plan_changed: true,
    });
  });

  it('names the parameters with different values', () => {
    expect(compareRuns(run, against).params).toEqual([
      { name: 'season', run: '2025', against: '2024' },
      { name: 'full', run: 'yes' },
    ]);
    expect(compareRuns(run, run).params).toEqual([]);
  });

  it('goes task by task, those that are gone last', () => {
    expect(compareRuns(run, against).tasks).toEqual([
      {
        task: 'games',
        run: { status: 'success', attempts: 1, seconds: 15, rows: 120 },
        against: { status: 'success', attempts: 1, seconds: 10, rows: 100 },
        difference_seconds: 5,
        change: 0.5,
      },
      {
        task: 'odds',
        run: { status: 'failed', attempts: 2, seconds: 6 },
        against: { status: 'success', attempts: 1, seconds: 4 },
        difference_seconds: 2,
        change: 0.5,
      },
      { task: 'new', run: { status: 'success', attempts: 1, seconds: 2 } },
      { task: 'old', against: { status: 'success', attempts: 1, seconds: 1 } },
    ]);
  });

  it('has no difference for a task that one of them did not run, and no change from nothing', () => {
    const skipped = recordOfDay(2, { games: { seconds: 0, status: 'upstream_failed', attempts: 0 }, odds: 3 });
    const [games] = compareRuns(skipped, against).tasks;
    expect(games).not.toHaveProperty('difference_seconds');
    const nothing = compareRuns(recordOfDay(3, { odds: 3 }), recordOfDay(4, { odds: 0 }));
    expect(nothing.tasks[0]).toMatchObject({ difference_seconds: 3 });
    expect(nothing.tasks[0]).not.toHaveProperty('change');
  });
});
