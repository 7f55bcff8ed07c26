import { afterEach, expect, test } from 'vitest';
import { createUiProject, says, type UiProject } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

test('g shows what a task waits for and what waits for it, and Enter goes there', async () => {
  project = createUiProject(`
version: 1
name: shop
tasks:
  fetch: { command: "true" }
  load: { command: "exit 3", dependencies: [fetch] }
  report: { command: "true", dependencies: [load] }
`);
  const screen = project.open();
  await screen.waitFor('FAILED');
  screen.press('Home', 'j', 'g');
  await screen.waitFor('Graph load');
  await screen.waitFor(says('fetch', /succeeded/));
  await screen.waitFor(says('report', /not run/));
  screen.press('Down', 'Enter');
  await screen.waitFor('Graph report');
  screen.press(' ');
  await screen.waitFor('all of it');
  screen.press('Esc');
  await screen.waitFor((now) => !now.text().includes('Graph'));
  screen.press('q');
  expect(await screen.waitForExit()).toBe(1);
});
