import { describe, expect, test } from 'vitest';
import type { LevelId } from '../../../../src/engine/index.ts';
import { entryAt, withEntry } from '../../../../src/engine/model/run/task-table.ts';
import { doneIn, tallyCondition, tallyRun } from '../../../../src/ui/status/task-tally.ts';
import { halfWayRun } from '../support/half-way-run.ts';

const { state, now } = halfWayRun();
const level1 = 'level_1_parallel' as LevelId;

describe('the task counts of a run', () => {
  test('are those of all tasks, and of each level', () => {
    const { all, levels } = tallyRun(state, now);
    expect([all.tasks, doneIn(all), all.rows]).toEqual([10, 3, 31_807]);
    expect(levels.get(level1)).toMatchObject({ tasks: 3, rows: 26_812, durationMs: 34_700 });
    expect([...levels.values()].map(tallyCondition)).toEqual(['succeeded', 'failed', 'waiting', 'waiting']);
  });

  test('are updated with changes, and durations with time', () => {
    tallyRun(state, now);
    const index = state.plan.indexOf.get('nflverse_pbp' as never)!;
    const entry = entryAt(state.tasks, index);
    const tasks = withEntry(state.tasks, index, { ...entry, state: { kind: 'succeeded', attempt: 1 } });
    const after = tallyRun({ ...state, tasks }, now);
    expect([after.all.count.running, after.all.count.succeeded]).toEqual([0, 4]);
    expect(tallyRun(state, now).all.count.running).toBe(1);
    expect(tallyRun(state, now + 1000).levels.get(level1)!.durationMs).toBe(35_700);
  });
});
