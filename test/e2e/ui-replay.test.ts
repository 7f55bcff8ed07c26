import { afterEach, expect, test } from 'vitest';
import { createUiProject, says, type UiProject } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const pipeline = `
version: 1
name: yesterday
defaults: { retries: 0 }
tasks:
  extract: { command: "echo extracted 42 rows; sleep 4" }
  load: { command: "echo loaded; exit 3", dependencies: [extract] }
`;

test('a replay shows a run again, can be paused and continued, and accepts no action on tasks', async () => {
  project = createUiProject(pipeline);
  expect(await project.open(['--ci']).waitForExit()).toBe(1);
  const screen = project.open(['replay', 'latest', '--speed', '1']);
  await screen.waitFor('yesterday');
  screen.press(' ');
  await screen.waitFor('Space play');
  await screen.waitFor(/^ REPLAY held +yesterday/);
  screen.press(')');
  await screen.waitFor(/load failed: exit code 3/);
  await screen.waitFor(/^ 00:\d\d \/ 00:\d\d /m);
  screen.press('Left');
  await screen.waitFor((shown) => says('load', 'exit 3')(shown) === false);
  screen.press('-');
  await screen.waitFor('speed: 1x is the slowest');
  screen.press('r');
  await screen.waitFor('not possible in a replay');
  screen.press('+', '+', ' ');
  await screen.waitFor('FAILED');
  expect(says('load', 'exit 3')(screen)).toBe(true);
  screen.press('Home');
  await screen.waitFor('extracted 42 rows');
  screen.press('*');
  await screen.waitFor(/Log all tasks(.|\n)*extract │ extracted 42 rows(.|\n)*load +│ loaded/);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(screen.buffer).toBe('normal');
});

test('a replay without a terminal is refused with the commands to use instead', async () => {
  project = createUiProject(pipeline);
  expect(await project.open(['--ci']).waitForExit()).toBe(1);
  const screen = project.open(['replay', 'latest'], { env: { TERM: 'dumb' } });
  expect(await screen.waitForExit()).toBe(2);
  expect(screen.text()).toMatch(/a replay needs a terminal.*TERM=dumb/);
  expect(screen.text()).toContain('etl-tui show');
});
