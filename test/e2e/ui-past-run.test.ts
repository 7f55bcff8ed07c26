import { afterEach, expect, test } from 'vitest';
import { createUiProject, rowWith, says, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const orders = `
version: 1
name: orders
defaults: { retries: 0, kill_grace: 1s }
params: { season: { default: "2024" } }
tasks:
  extract: { command: "echo reading season $ETL_PARAM_SEASON; test -e mended || exit 3; ${waitsFor('go')}" }
  load: { command: "echo loaded", dependencies: [extract] }
`;

test('Enter in the history opens a past run, and q returns to the run that went on meanwhile', async () => {
  project = createUiProject(orders);
  expect((await project.call(['run', '--ci', '--param', 'season=2023'])).code).toBe(1);
  project.touch('mended');
  const screen = project.open(['run', '--new'], { columns: 80, rows: 24 });
  await screen.waitFor('RUN ');
  screen.press('6');
  await screen.waitFor(/6 History 1 run(.|\n)*✗ \d{8}_\d{6}_\w{4}.*1 failed(.|\n)*parameters season=2023/);
  screen.press('Enter');
  await screen.waitFor(/^ past run +orders +FAILED/);
  expect(says('extract', /✗.*exit 3/)(screen)).toBe(true);
  await screen.waitFor('q back');
  screen.press('1', 'Home');
  await screen.waitFor('reading season 2023');
  screen.press('r');
  await screen.waitFor('not possible in a replay');
  project.touch('go');
  await screen.waitFor(/the run \S+ has ended: SUCCESS; q returns to it/);
  screen.press('q');
  await screen.waitFor(/^ etl-tui +orders +SUCCESS/);
  await screen.waitFor(/6 History 2 runs/);
  screen.press('Enter');
  await screen.waitFor('open: this run is on the screen');
  screen.press('c');
  await screen.waitFor(/season 2024, then 2023(.|\n)* extract .* succeeded, then failed/);
  screen.press('c');
  await screen.waitFor('parameters season=2024');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test('Esc leaves a past run step by step, Space plays it from its beginning, and Ctrl+C in it stops nothing', async () => {
  project = createUiProject(orders);
  expect((await project.call(['run', '--ci'])).code).toBe(1);
  project.touch('mended');
  const screen = project.open(['run', '--new'], { columns: 120, rows: 40 });
  await screen.waitFor('RUNNING');
  screen.press('6');
  await screen.waitFor(/6 History 1 run(.|\n)*✗ \d{8}_\d{6}_\w{4}.* ✗ 1/);
  screen.press('Enter');
  await screen.waitFor('past run');
  await screen.waitFor('FAILED');
  screen.press(' ');
  await screen.waitFor(/run \S+ from its beginning/);
  await screen.waitFor('FAILED');
  screen.press('d', 'Esc');
  await screen.waitFor((shown) => rowWith(shown, '2 Log') !== '');
  expect(screen.rows()[0]).toContain('past run');
  screen.press('Esc');
  await screen.waitFor(/^ etl-tui +orders .*RUNNING/);
  screen.press('Enter');
  await screen.waitFor('past run');
  screen.press('Ctrl+C');
  await screen.waitFor(/^ etl-tui +orders .*RUNNING/);
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});
