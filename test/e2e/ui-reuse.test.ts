import { afterEach, expect, test } from 'vitest';
import { createUiProject, says, type UiProject } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

test('a task that is reused says so on the screen, and runs when it is asked to run again', async () => {
  project = createUiProject(`
version: 1
name: reuse
tasks:
  make: { command: "echo x >out", outputs: [out], reuse: true }
`);
  const first = project.open();
  await first.waitFor('SUCCESS');
  first.press('q');
  expect(await first.waitForExit()).toBe(0);
  const screen = project.open();
  await screen.waitFor('SUCCESS');
  expect(says('make', /= .*nothing has changed since run/)(screen)).toBe(true);
  screen.press('Home', 'r');
  await screen.waitFor('It is reused');
  screen.press('y');
  await screen.waitFor(says('make', /✓/));
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(project.result()?.results[0]).toMatchObject({ task: 'make', status: 'success', attempts: 1 });
});
