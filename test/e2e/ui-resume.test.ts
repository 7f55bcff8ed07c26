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
  await expect.poll(() => project.has('begun')).toBe(true);
  await first.waitFor('orders RUN');
  first.press('p');
  await first.waitFor('PAUSE');
  first.kill('SIGKILL');
  await first.waitForExit();
  project.touch('go');

  const second = project.open(['run', '--resume']);
  await second.waitFor('PAUSE');
  second.kill('SIGKILL');
  await second.waitForExit();
  expect(project.has('loaded')).toBe(false);

  const third = await project.call(['run', '--ci', '--resume']);
  expect([third.code, third.out]).toEqual([0, expect.stringContaining('resumed: new tasks start again')]);
  expect(project.has('loaded')).toBe(true);
});

test('a screen follows a run whose pipeline has lost tasks, with the last of them selected, live and in its replay', async () => {
  const tasks = ['a', 'b', 'c', 'd', 'e'];
  const file = (names: readonly string[]) =>
    `version: 1\nname: shrinking\ntasks:\n${names.map((name) => `  ${name}: { command: "test -e go" }`).join('\n')}\n`;
  project = createUiProject(file(tasks));
  expect((await project.call(['run', '--ci'])).code).toBe(1);
  project.write('pipeline.yaml', file(['d', 'b']));
  project.touch('go');
  const live = project.open(['run', '--resume']);
  await live.waitFor('SUCC');
  expect(live.rows().join('\n')).not.toContain(' e ');
  live.press('q');
  expect(await live.waitForExit()).toBe(0);

  const replay = project.open(['replay', 'latest', '--speed', '1']);
  await replay.waitFor('shrinking');
  replay.press(' ');
  await replay.waitFor('Space play');
  replay.press('G', ' ');
  await replay.waitFor('SUCC');
  replay.press('q');
  expect(await replay.waitForExit()).toBe(0);
});
