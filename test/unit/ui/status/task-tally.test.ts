import { describe, expect, test } from 'vitest';
import { summarise } from '../../../../src/display/run-summary.ts';
import type { LevelId } from '../../../../src/engine/index.ts';
import { entryAt, withEntry } from '../../../../src/engine/model/run/task-table.ts';
import { doneIn, tallyCondition, tallyRun } from '../../../../src/ui/status/task-tally.ts';
import { fakeRun, resumedRun } from '../../../support/fake-run.ts';
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

  test('show a level in which a failure was tolerated by that failure, and as done', () => {
    const run = fakeRun({
      tasks: { extra: { continueOnFailure: true }, load: {} },
      levels: { all: ['extra', 'load'] },
    });
    run.exit('extra', 1);
    run.exit('load');
    const level = tallyRun(run.state(), run.now()).levels.get('all' as LevelId)!;
    expect([tallyCondition(level), doneIn(level)]).toEqual(['tolerated', 2]);
  });

  test('leave out the time in which nobody carried the run out', () => {
    const before = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, levels: { all: ['a', 'b'] } });
    before.pass(1000);
    before.exit('a');
    // A minute later.
    const run = resumedRun(before);
    run.pass(2000);
    run.exit('b');
    expect(tallyRun(run.state(), run.now()).levels.get('all' as LevelId)!.durationMs).toBe(3000);
    const { levels, tookMs } = summarise(run.state());
    expect([levels[0]?.tookMs, tookMs]).toEqual([3000, 3000]);
  });
});
