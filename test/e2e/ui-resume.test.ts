import { afterEach, expect, test } from 'vitest';
import { createUiProject, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;
afterEach(() => project.close());

const orders = `
version: 1
name: orders
tasks:
  extract: { command: "touch begun; ${waitsFor('go')}" }
  load: { command: "touch loaded", dependencies: [extract] }
`;

test('a pause outlives the process: it holds on the screen that resumes the run, and ends without a screen', async () => {
  project = createUiProject(orders);
  const first = project.open();
  await expect.poll(() => project.has('begun'), { timeout: 20_000 }).toBe(true);
  first.press('p');
  await first.waitFor('PAUSED');
  first.kill('SIGKILL');
  await first.waitForExit();
  project.touch('go');

  const second = project.open(['run', '--resume']);
  await second.waitFor('PAUSED');
  second.kill('SIGKILL');
  await second.waitForExit();
  expect(project.has('loaded')).toBe(false);

  const third = await project.call(['run', '--ci', '--resume']);
  expect([third.code, third.out]).toEqual([0, expect.stringContaining('the pause is over')]);
  expect(project.has('loaded')).toBe(true);
}, 60_000);
