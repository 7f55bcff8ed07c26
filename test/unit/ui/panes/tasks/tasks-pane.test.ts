import { describe, expect, test } from 'vitest';
import { type EpochMs, explainWait, type RunState } from '../../../../../src/engine/index.ts';
import { type TaskListView, taskRows } from '../../../../../src/ui/panes/tasks/task-rows.ts';
import { tasksPane } from '../../../../../src/ui/panes/tasks/tasks-pane.ts';
import { createUsageTable } from '../../../../../src/ui/status/task-usage.ts';
import { createTheme } from '../../../../../src/ui/theme.ts';
import { halfWayRun, named, planOf, runStarted, start, stateOf } from '../../support/half-way-run.ts';
import { plain } from '../../support/plain.ts';

const unicode = createTheme({ colour: true, unicode: true });
const { state: half, now } = halfWayRun();
const view: TaskListView = { folded: new Set(), unfolded: new Set(), filter: '', order: 'file', hideDone: false };

function draw(
  width: number,
  height: number,
  some: Partial<TaskListView> = {},
  { state = half, theme = unicode, zoomed = false, selected = 5, top = 0 } = {},
): string {
  const list = { ...view, ...some };
  const rows = taskRows(state, list, now);
  const why = (index: number): string | undefined => explainWait(state, index, now as EpochMs);
  const shape = { digit: 1, width, height, focused: true, zoomed };
  return plain(tasksPane({ state, now, list, rows, top, selected, marked: new Set([6]), why }, shape, theme));
}

describe('the tasks pane', () => {
  test('on a small screen', () => {
    expect(draw(80, 13)).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ───────────────────────────────────────────────────── rows ─ time ╮
      │ ▾ ✓ level_0_parallel     3/3                                     5.0k    12s │
      │ ├─ ✓ nflverse_schedules                                           570   6.2s │
      │ ├─ ✓ nflverse_players                                            4.4k    12s │
      │ └─ ✓ stadium_reference                                             34   1.6s │
      │ ▾ ✗ level_1_parallel     0/3, 1 failed, 1 running, 1 retrying   26.8k    35s │
      │›├─ ⠹ nflverse_pbp        ██████▍       54%  season 2024, week…  26.8k    35s │
      │ ├─ ↻ odds_history        exit 75, attempt 2/3 in 4s                      35s │
      │ └─ ✗ weather_fetch       exit 1, and there is no earlier good load       12s │
      │ ▾ · level_2_parallel     0/2                                                 │
      │●├─ · epa_aggregation     waits for nflverse_pbp                              │
      │ └─ · play_classification waits for nflverse_pbp                              │
      ╰───────────────────────────────────────────────────────────────────── 6/14 ↓3 ╯"
    `);
  });

  test('on a medium screen', () => {
    expect(draw(54, 16)).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ─────────────────────────── rows ─ time ╮
      │ ▾ ✓ level_0_parallel     3/3           5.0k    12s │
      │ ├─ ✓ nflverse_schedules                 570   6.2s │
      │ ├─ ✓ nflverse_players                  4.4k    12s │
      │ └─ ✓ stadium_reference                   34   1.6s │
      │ ▾ ✗ level_1_parallel     0/3          26.8k    35s │
      │›├─ ⠹ nflverse_pbp        ███▏    54%  26.8k    35s │
      │ ├─ ↻ odds_history        attempt 2/3 in 4s     35s │
      │ └─ ✗ weather_fetch       exit 1                12s │
      │ ▾ · level_2_parallel     0/2                       │
      │●├─ · epa_aggregation     waits for nflverse_pbp    │
      │ └─ · play_classification waits for nflverse_pbp    │
      │ ▾ · level_3_sequential   0/2                       │
      │ ├─ · asof_features       for epa_aggregation +3    │
      │ └─ · materialized_views  for epa_aggregation +4    │
      ╰────────────────────────────────────────────── 6/14 ╯"
    `);
  });

  test('on a large one', () => {
    expect(draw(68, 16)).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ───────────────────────────────────────── rows ─ time ╮
      │ ▾ ✓ level_0_parallel     3/3                         5.0k    12s │
      │ ├─ ✓ nflverse_schedules                               570   6.2s │
      │ ├─ ✓ nflverse_players                                4.4k    12s │
      │ └─ ✓ stadium_reference                                 34   1.6s │
      │ ▾ ✗ level_1_parallel     0/3, 1 failed, 1 running   26.8k    35s │
      │›├─ ⠹ nflverse_pbp        ██████▍       54%          26.8k    35s │
      │ ├─ ↻ odds_history        exit 75, attempt 2/3 in 4s          35s │
      │ └─ ✗ weather_fetch       exit 1                              12s │
      │ ▾ · level_2_parallel     0/2                                     │
      │●├─ · epa_aggregation     waits for nflverse_pbp                  │
      │ └─ · play_classification waits for nflverse_pbp                  │
      │ ▾ · level_3_sequential   0/2                                     │
      │ ├─ · asof_features       waits for epa_aggregation +3            │
      │ └─ · materialized_views  waits for epa_aggregation +4            │
      ╰──────────────────────────────────────────────────────────── 6/14 ╯"
    `);
  });

  test('in less space without bars, then rows, then notes; names are shortened in their middle', () => {
    expect(draw(44, 10)).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ──────────────────────── time ╮
      │ ▾ ✓ level_0_parallel    3/3          12s │
      │ ├─ ✓ nflverse_schedules             6.2s │
      │ ├─ ✓ nflverse_players                12s │
      │ └─ ✓ stadium_reference              1.6s │
      │ ▾ ✗ level_1_parallel    0/3          35s │
      │›├─ ⠹ nflverse_pbp       ██▏   54%    35s │
      │ ├─ ↻ odds_history       2/3 in 4s    35s │
      │ └─ ✗ weather_fetch      exit 1       12s │
      ╰───────────────────────────────── 6/14 ↓6 ╯"
    `);
    expect(draw(34, 10)).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ────────────── time ╮
      │ ▾ ✓ level_0_parallel       12s │
      │ ├─ ✓ nflverse_schedules   6.2s │
      │ ├─ ✓ nflverse_players      12s │
      │ └─ ✓ stadium_reference    1.6s │
      │ ▾ ✗ level_1_parallel       35s │
      │›├─ ⠹ nflverse_pbp          35s │
      │ ├─ ↻ odds_history          35s │
      │ └─ ✗ weather_fetch         12s │
      ╰─────────────────────── 6/14 ↓6 ╯"
    `);
    expect(draw(22, 10)).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ────────╮
      │ ▾ ✓ level_0…rallel │
      │ ├─ ✓ nflver…edules │
      │ ├─ ✓ nflver…layers │
      │ └─ ✓ stadiu…erence │
      │ ▾ ✗ level_1…rallel │
      │›├─ ⠹ nflverse_pbp  │
      │ ├─ ↻ odds_history  │
      │ └─ ✗ weather_fetch │
      ╰─────────── 6/14 ↓6 ╯"
    `);
  });

  test('in ASCII', () => {
    expect(draw(60, 11, {}, { theme: createTheme({ colour: false, unicode: false }) })).toMatchInlineSnapshot(`
      "+ 1 Tasks 10 --------------------------------- rows - time +
      | v + level_0_parallel     3/3                 5.0k    12s |
      | |- + nflverse_schedules                       570   6.2s |
      | |- + nflverse_players                        4.4k    12s |
      | \`- + stadium_reference                         34   1.6s |
      | v x level_1_parallel     0/3, 1 failed      26.8k    35s |
      |>|- * nflverse_pbp        ======......  54%  26.8k    35s |
      | |- r odds_history        attempt 2/3 in 4s           35s |
      | \`- x weather_fetch       exit 1                      12s |
      | v . level_2_parallel     0/2                             |
      +------------------------------------------------- 6/14 v5 +"
    `);
  });

  test('filtered, sorted, and zoomed without borders', () => {
    expect(
      draw(60, 6, { filter: '!state:done', order: 'state' }, { zoomed: true, selected: 0 }),
    ).toMatchInlineSnapshot(`
      " 1 Tasks 7 of 10 by state              /!state:done  1/7 ↓2 
      ›✗ weather_fetch       exit 1                           12s 
       ↻ odds_history        exit 75, attempt 2/3 in 4s       35s 
       ⠹ nflverse_pbp        ██████▍       54%       26.8k    35s 
      ●· epa_aggregation     waits for nflverse_pbp               
       · play_classification waits for nflverse_pbp               "
    `);
  });

  test('with what tasks use, sorted by it', () => {
    const list = { ...view, order: 'memory' as const };
    const uses = (cpu: number, megabytes: number) => ({ cpu, memoryBytes: megabytes * 2 ** 20 });
    const sample = { at: now as EpochMs, cpu: 0, memory: 0, memoryBytes: 0, cores: 8, memoryLimitBytes: 1 };
    const usage = createUsageTable(
      half.plan,
      { ...sample, tasks: new Map([[named('nflverse_pbp'), uses(1.234, 1300)]]) },
      new Map([
        [named('nflverse_players'), uses(0.98, 64)],
        [named('weather_fetch'), uses(0.034, 412)],
      ]),
    )!;
    const rows = taskRows(half, list, now, usage);
    const shape = { digit: 1, width: 104, height: 7, focused: true, zoomed: false };
    expect(
      plain(tasksPane({ state: half, now, list, rows, top: 0, selected: 0, marked: new Set(), usage }, shape, unicode)),
    ).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 by memory ─────────────────────────────────────────────────────── cpu  ↓mem ─ rows ─ time ╮
      │›⠹ nflverse_pbp        ██████▍       54%  season 2024, week 7 of 18          1.23  1.3G  26.8k    35s │
      │ ✗ weather_fetch       exit 1, and there is no earlier good load             0.03  412M           12s │
      │ ✓ nflverse_players                                                          0.98   64M   4.4k    12s │
      │ ✓ nflverse_schedules                                                                      570   6.2s │
      │ ✓ stadium_reference                                                                        34   1.6s │
      ╰───────────────────────────────────────────────────────────────────────────────────────────── 1/10 ↓5 ╯"
    `);
  });

  test('with levels collapsed', () => {
    expect(
      draw(60, 9, { folded: new Set([...half.plan.levels.keys()].slice(0, 2)) }, { selected: 1 }),
    ).toMatchInlineSnapshot(`
      "╭ 1 Tasks 10 ───────────────────────────────── rows ─ time ╮
      │ ▸ ✓ level_0_parallel     3/3                 5.0k    12s │
      │›▸ ✗ level_1_parallel     0/3, 1 failed      26.8k    35s │
      │ ▾ · level_2_parallel     0/2                             │
      │●├─ · epa_aggregation     waits for nflverse_pbp          │
      │ └─ · play_classification waits for nflverse_pbp          │
      │ ▾ · level_3_sequential   0/2                             │
      │ ├─ · asof_features       waits for epa_aggregation +3    │
      ╰────────────────────────────────────────────────── 2/8 ↓1 ╯"
    `);
  });

  test('says when nothing matches', () => {
    expect(draw(40, 5, { filter: 'xyz' })).toMatchInlineSnapshot(`
      "╭ 1 Tasks 0 of 10 ─────────────── time ╮
      │                                      │
      │ no task matches xyz                  │
      │                                      │
      ╰ /xyz ────────────────────────────────╯"
    `);
  });

  test('names every outcome with its cause', () => {
    expect(draw(76, 16, {}, { state: endings(), selected: 0 })).toMatchInlineSnapshot(`
      "╭ 1 Tasks 14 ───────────────────────────────────────────────── rows ─ time ╮
      │›≈ fell_back    degraded: only odds that were fetched before         3.0s │
      │ ✓ twice        on attempt 2                                         3.0s │
      │ ✗ broken       killed by SIGKILL after 3 attempts                   3.0s │
      │ ✗ too_slow     timed out after 15m                                  3.0s │
      │ » skipped      skipped                                                   │
      │ ⊘ held         not run: "broken" failed                                  │
      │●⊘ held_by_data not run: check rows_are_complete failed                   │
      │ ⊘ stopped      cancelled: by the operator                                │
      │ ⊘ ended        not run: the run was cancelled                            │
      │ ∅ no_news      not needed: decided by its only_if                        │
      │ » late         skipped: waited 15m for file odds.csv without success     │
      │ ⠹ stopping     stopping: timed out                                   41s │
      │ ↻ again        did not write features.csv, attempt 2/3 in 1m59s      41s │
      │ ⠹ silent       week 7 of 18                                          41s │
      ╰──────────────────────────────────────────────────────────────────── 1/14 ╯"
    `);
  });

  test('computes why a task waits only for visible tasks', () => {
    const state = manyTasks(10_000);
    const rows = taskRows(state, view, now);
    const asked: number[] = [];
    const why = (index: number): string => {
      asked.push(index);
      return 'waits';
    };
    const shape = { width: 80, height: 24, focused: true, zoomed: false };
    tasksPane({ state, now, list: view, rows, top: 5000, selected: 5000, marked: new Set(), why }, shape, unicode);
    expect(asked).toHaveLength(22);
  });
});

/** One task for each way to end or to go on. */
function endings(): RunState {
  const ids = [
    'fell_back',
    'twice',
    'broken',
    'too_slow',
    'skipped',
    'held',
    'held_by_data',
    'stopped',
    'ended',
    'no_news',
    'late',
    'stopping',
    'again',
    'silent',
  ];
  const after: Readonly<Record<string, string>> = { held: 'broken', held_by_data: 'twice' };
  const tasks = ids
    .map((id) => `  ${id}: { command: "true", retries: 2, dependencies: [${after[id] ?? ''}] }`)
    .join('\n');
  const checks = 'checks:\n  - { name: rows_are_complete, sql: SELECT 1, after: [twice], gate: true }\n';
  const ends = [
    { kind: 'succeeded', attempt: 3, degraded: 'only odds that were fetched before' },
    { kind: 'succeeded', attempt: 2 },
    { kind: 'failed', attempt: 3, cause: { kind: 'signal', signal: 'SIGKILL' } },
    { kind: 'timed-out', attempt: 1, afterMs: 900_000 },
    { kind: 'skipped' },
    { kind: 'upstream-failed', because: 'broken' },
    { kind: 'upstream-failed', because: 'rows_are_complete' },
    { kind: 'cancelled', reason: 'by the operator', withRun: false },
    { kind: 'cancelled', reason: 'the run was stopped', withRun: true },
    { kind: 'not-needed', stops: false },
    { kind: 'skipped', waited: { afterMs: 900_000, what: 'file odds.csv' } },
  ] as const;
  const started = ids.map(
    (id, at) => [0, { type: 'task.started', task: named(id), attempt: at < 2 ? 3 - at : 1 }] as const,
  );
  return stateOf(planOf(`version: 1\nname: endings\ntasks:\n${tasks}\n${checks}`), [
    runStarted,
    ...started.filter((_, at) => at < 4 || at > 10),
    [2, { type: 'task.progressed', task: named('silent'), attempt: 1, report: { message: 'week 7 of 18' } }],
    [3, { type: 'check.started', check: 'rows_are_complete' }],
    [
      3,
      {
        type: 'check.finished',
        result: { check: 'rows_are_complete', verdict: 'fail', summary: '', measured: {}, durationMs: 1 },
      },
    ],
    ...ends.map((outcome, at) => [3, { type: 'task.finished', task: named(ids[at]!), outcome }] as const),
    [4, { type: 'task.stopping', task: named('stopping'), why: 'timeout' }],
    [
      5,
      {
        type: 'task.backing-off',
        task: named('again'),
        attempt: 2,
        retryAt: (start + 160_000) as EpochMs,
        cause: { kind: 'missing-output', path: 'features.csv' },
      },
    ],
  ]);
}

function manyTasks(count: number): RunState {
  const tasks = Array.from({ length: count }, (_, at) => `  task_${at}: { command: "true" }`).join('\n');
  return stateOf(planOf(`version: 1\nname: many\ntasks:\n${tasks}\n`), [runStarted]);
}
