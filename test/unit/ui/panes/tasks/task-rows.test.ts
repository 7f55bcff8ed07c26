import { describe, expect, test } from 'vitest';
import type { RunState } from '../../../../../src/engine/index.ts';
import { type TaskListView, taskRows } from '../../../../../src/ui/panes/tasks/task-rows.ts';
import { halfWayRun, planOf, start, stateOf } from '../../support/half-way-run.ts';

const { state, now } = halfWayRun();
const view: TaskListView = { folded: new Set(), unfolded: new Set(), filter: '', order: 'file', hideDone: false };

function names(some: Partial<TaskListView>, of: RunState = state): readonly string[] {
  return taskRows(of, { ...view, ...some }, now).map((row) =>
    row.kind === 'level'
      ? `[${row.level}]`
      : row.kind === 'family'
        ? `<${row.family}>`
        : of.plan.tasks[row.index]!.spec.id,
  );
}

describe('rows of the task list', () => {
  test('are the levels with their tasks, in the order of the file', () => {
    expect(names({}).slice(0, 6)).toEqual([
      '[level_0_parallel]',
      'nflverse_schedules',
      'nflverse_players',
      'stadium_reference',
      '[level_1_parallel]',
      'nflverse_pbp',
    ]);
  });

  test('leave out what is in a collapsed level', () => {
    const folded = new Set([...state.plan.levels.keys()].slice(0, 3));
    expect(names({ folded })).toEqual([
      '[level_0_parallel]',
      '[level_1_parallel]',
      '[level_2_parallel]',
      '[level_3_sequential]',
      'asof_features',
      'materialized_views',
    ]);
  });

  test.each([
    ['pbp', ['[level_1_parallel]', 'nflverse_pbp']],
    ['NFLVERSE !pbp', ['[level_0_parallel]', 'nflverse_schedules', 'nflverse_players']],
    ['state:fail', ['[level_1_parallel]', 'weather_fetch']],
    ['state:retrying', ['[level_1_parallel]', 'odds_history']],
    ['!state:done !state:waiting', ['[level_1_parallel]', 'nflverse_pbp', 'odds_history', 'weather_fetch']],
    ['nothing_has_this_name', []],
  ])('are filtered by %j', (filter, expected) => {
    expect(names({ filter })).toEqual(expected);
  });

  test.each(['!', 'state:', '!state:', ' '])('are all shown while the filter %j is being typed', (filter) => {
    expect(names({ filter })).toEqual(names({}));
  });

  test('show matches of a filter in a collapsed level', () => {
    const folded = new Set(state.plan.levels.keys());
    expect(names({ folded, filter: 'pbp' })).toEqual(['[level_1_parallel]', 'nflverse_pbp']);
  });

  test('leave out tasks that are done', () => {
    expect(names({ hideDone: true })[0]).toBe('[level_1_parallel]');
  });

  test('sorted by state begin with what needs attention', () => {
    expect(names({ order: 'state' }).slice(0, 4)).toEqual([
      'weather_fetch',
      'odds_history',
      'nflverse_pbp',
      'epa_aggregation',
    ]);
    expect(names({ order: 'state', filter: 'state:done' })).toHaveLength(3);
  });

  test('sorted by duration begin with the longest', () => {
    expect(names({ order: 'duration' }).slice(0, 4)).toEqual([
      'nflverse_pbp',
      'odds_history',
      'nflverse_players',
      'weather_fetch',
    ]);
  });

  test('of a pipeline without levels are its tasks', () => {
    const flat = stateOf(
      planOf('version: 1\nname: flat\ntasks:\n  b: { command: "true" }\n  a: { command: "true" }\n'),
      [],
    );
    expect(names({}, flat)).toEqual(['b', 'a']);
    expect(taskRows(flat, view, start)).toEqual([
      { kind: 'task', index: 0 },
      { kind: 'task', index: 1 },
    ]);
  });
});
