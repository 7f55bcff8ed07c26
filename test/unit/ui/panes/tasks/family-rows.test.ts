import { describe, expect, test } from 'vitest';
import type { EpochMs } from '../../../../../src/engine/index.ts';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import { taskRows } from '../../../../../src/ui/panes/tasks/task-rows.ts';
import { taskToShow } from '../../../../../src/ui/panes/tasks/task-to-show.ts';
import { tasksPane } from '../../../../../src/ui/panes/tasks/tasks-pane.ts';
import { createTheme } from '../../../../../src/ui/theme.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { plain } from '../../support/plain.ts';
import { type PressedScreen, screenOf, selectedName } from '../../support/screen-of.ts';

const unicode = createTheme({ colour: true, unicode: true });

/** Twelve seasons, of which nine are done, two run and one has failed. */
function seasonRun() {
  const seasons = Array.from({ length: 12 }, (_, at) => 2013 + at);
  const text = `
tasks:
  schedule: { command: [x] }
  load: { command: [x], dependencies: [schedule], matrix: { season: [${seasons.join(', ')}] } }
  report: { command: [x], dependencies: [load] }
`;
  const run = fakeRun(planPipeline(text, 'f.yaml').plan!, { maxParallel: 20 });
  run.pass(1000);
  run.exit('schedule');
  run.pass(5000);
  for (const season of seasons.slice(0, 9)) run.exit(`load[season=${season}]`);
  run.exit('load[season=2022]', 1);
  return run;
}

const run = seasonRun();
const namesOf = ({ view }: PressedScreen) =>
  view.rows.map((row) =>
    row.kind === 'task'
      ? view.state.plan.tasks[row.index]!.spec.id
      : row.kind === 'level'
        ? row.level
        : `<${row.family}>`,
  );

function draw(screen: PressedScreen, width: number, height: number): string {
  const { list, listTop: top, selectedRow: selected, marked } = screen.screen;
  const rows = taskRows(run.state(), list, run.now());
  const shape = { digit: 1, width, height, focused: true, zoomed: false };
  return plain(tasksPane({ state: run.state(), now: run.now(), list, rows, top, selected, marked }, shape, unicode));
}

describe('the instances of a task with a matrix', () => {
  test('have one row together, with how many there are in which state', () => {
    const screen = screenOf({ state: run.state() });
    expect(namesOf(screen)).toEqual(['schedule', '<load>', 'report']);
    const drawn = draw(screen, 60, 6);
    expect(drawn).toMatch(/✗ ▸ load 12 +✓ 9 . 2 ✗ 1/);
    for (const line of drawn.split('\n')) expect([...line]).toHaveLength(60);
  });

  test.each([
    [80, 24],
    [120, 40],
    [200, 50],
  ])('fit a screen of %i x %i', (columns, rows) => {
    for (const line of draw(screenOf({ state: run.state(), columns, rows }), columns, rows).split('\n'))
      expect([...line]).toHaveLength(columns);
  });

  test('unfold and fold again', () => {
    const folded = screenOf({ state: run.state() }).press('j');
    expect(selectedName(folded)).toBe('load');
    const unfolded = folded.press('l');
    expect(namesOf(unfolded)).toHaveLength(15);
    expect(draw(unfolded, 60, 20)).toContain('season=2022');
    const inside = unfolded.press('j', 'j');
    expect(selectedName(inside)).toBe('load[season=2014]');
    const above = inside.press('h');
    expect(selectedName(above)).toBe('load');
    expect(namesOf(above.press('h'))).toEqual(['schedule', '<load>', 'report']);
    expect(namesOf(folded.press('Enter'))).toHaveLength(15);
  });

  test('are found by a filter', () => {
    const screen = screenOf({ state: run.state() }).press('/', ...'2022', 'Enter');
    expect(namesOf(screen)).toEqual(['<load>', 'load[season=2022]']);
  });

  test('are unfolded to show the one that failed', () => {
    const screen = screenOf({ state: run.state() }).press('e');
    expect(selectedName(screen)).toBe('load[season=2022]');
  });

  test('are retried together, as far as they have failed', () => {
    const screen = screenOf({ state: run.state() }).press('j', 'r');
    expect(screen.commands).toEqual([
      {
        type: 'intend',
        verb: 'retry',
        intents: [{ type: 'retry-task', task: 'load[season=2022]', downstream: false }],
      },
    ]);
  });

  test('show the output of one that runs, as long as it does', () => {
    const family = { kind: 'family', family: 'load' as never } as const;
    const { plan } = run;
    const shown = taskToShow(family, run.state(), undefined)!;
    expect(plan.tasks[shown]!.spec.id).toBe('load[season=2023]');
    expect(taskToShow(family, run.state(), shown + 1)).toBe(shown + 1);
  });
});

test('ten thousand instances are listed and counted in a moment', () => {
  const values = Array.from({ length: 10_000 }, (_, at) => at).join(', ');
  const big = fakeRun(planPipeline(`tasks: { t: { command: [x], matrix: { k: [${values}] } } }\n`, 'f.yaml').plan!);
  const screen = screenOf({ state: big.state() });
  const start = performance.now();
  for (let frame = 0; frame < 10; frame += 1) taskRows(big.state(), screen.screen.list, (big.now() + frame) as EpochMs);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(namesOf(screen)).toEqual(['<t>']);
});
