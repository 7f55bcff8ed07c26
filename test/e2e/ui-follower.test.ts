import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { createUiProject, type UiProject } from './ui-project.ts';

const pipeline = `
name: shared
defaults: { timeout: 5m }
tasks:
  first: { command: 'echo out of first' }
  long: { command: 'echo now it runs; until test -e go; do sleep 0.05; done', dependencies: [first] }
`;

let queue: TestQueue;
let project: UiProject;
let elsewhere: UiProject;

beforeEach(async () => {
  queue = await createTestQueue();
  project = createUiProject(pipeline);
  elsewhere = createUiProject(pipeline);
});
afterEach(async () => {
  await Promise.all([project.close(), elsewhere.close()]);
  await queue.close();
});

test('a second orchestrator shows the run with its output as it goes on, and refuses to act on it', async () => {
  const worker = project.start(['worker', '--name', 'w', '--slots', '2'], queue.env);
  await worker.says('takes tasks');
  const driver = project.start(['run', '--ci', '--executor', 'queue'], queue.env);
  await driver.says('first');
  const screen = elsewhere.open(['run', '--executor', 'queue', '--resume'], { columns: 100, rows: 30, env: queue.env });
  await screen.waitFor('now it runs');
  screen.press('p');
  await screen.waitFor('drives this run; this process only follows it');
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(await driver.ended).toMatchObject({ code: 0 });
  expect((await elsewhere.call(['show', 'latest'])).out).toContain('succeeded');
});
