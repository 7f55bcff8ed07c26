import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createUiProject, says, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

/** A task that succeeds once the file `mended` is there, and two that wait for it in a row. */
const broken = `
version: 1
name: orders
defaults: { retries: 0 }
tasks:
  extract: { command: "test -e mended && echo extracted" }
  load: { command: "echo loaded", dependencies: [extract] }
  report: { command: "echo reported", dependencies: [load] }
  other: { command: "echo other" }
`;

test('a failed task is retried on the screen, its downstream runs, and the exit code is 0', async () => {
  project = createUiProject(broken);
  const screen = project.open();
  await screen.waitFor('FAILED');
  expect(says('extract', /✗.*exit 1/)(screen)).toBe(true);
  expect(says('load', 'not run: "extract" failed')(screen)).toBe(true);
  await expect.poll(() => project.result()?.status).toBe('failed');
  project.touch('mended');
  screen.press('e', 'r');
  await screen.waitFor('SUCCESS');
  expect(says('extract', 'on attempt 2')(screen)).toBe(true);
  expect(says('report', '✓')(screen)).toBe(true);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(project.result()?.status).toBe('success');
  expect(project.result()?.results[0]).toMatchObject({ task: 'extract', attempts: 2 });
  expect(screen.text()).toContain('orders succeeded');
});

test('a task that succeeded is rerun only after a confirmation, whatever pane has the focus', async () => {
  project = createUiProject(broken);
  project.touch('mended');
  const screen = project.open();
  await screen.waitFor('SUCCESS');
  screen.press('Home');
  // In the pane of the checks, 5, the key is for the selected check.
  for (const pane of ['6', '4', '2', '1']) {
    screen.press(pane, 'r');
    await screen.waitFor(/Run extract again\? .*2 .*will be stale\. {2}y yes {2}n no/);
    screen.press('n');
    await screen.waitFor('? help');
  }
  screen.press('6', 'r');
  await screen.waitFor('Run extract again?');
  screen.press('y', '1');
  await screen.waitFor(says('extract', 'on attempt 2'));
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(project.result()?.results.map(({ attempts }) => attempts)).toEqual([2, 1, 1, 1]);
});

test('what is downstream of a task that is run again is stale until it runs again, and with R it does at once', async () => {
  project = createUiProject(broken);
  project.touch('mended');
  const screen = project.open();
  await screen.waitFor('SUCCESS');
  screen.press('Home', 'r', 'y');
  await screen.waitFor(says('report', /≤.*since/));
  await screen.waitFor('SUCCESS');
  expect(says('load', /≤.*since/)(screen)).toBe(true);
  expect(says('other', 'stale')(screen)).toBe(false);
  await expect.poll(() => project.result()).toMatchObject({ status: 'success', summary: { stale: 2 } });
  screen.press('R', 'y');
  await screen.waitFor(says('report', 'on attempt 2'));
  await screen.waitFor('SUCCESS');
  expect(screen.text()).not.toContain('stale');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(project.result()).toMatchObject({ summary: { stale: 0 } });
});

test('r during a back-off starts the next attempt at once, and adds no further retry', async () => {
  project = createUiProject(
    broken.replace('retries: 0', 'retries: 1, backoff: { initial: 1h, max: 1h, jitter: false }'),
  );
  const screen = project.open();
  await screen.waitFor(says('extract', /↻.*attempt 2\/2/));
  await screen.waitFor('r retry now');
  screen.press('Home', 'r');
  await screen.waitFor('FAILED');
  expect(says('extract', /✗.*after 2 attempts/)(screen)).toBe(true);
  screen.press('r');
  await screen.waitFor(says('extract', /↻.*attempt 2\/2/));
  project.touch('mended');
  screen.press('r');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test('R asks for confirmation, and reruns a task with everything downstream', async () => {
  project = createUiProject(broken);
  project.touch('mended');
  const screen = project.open();
  await screen.waitFor('SUCCESS');
  screen.press('Home', 'R');
  await screen.waitFor('Run extract and 2 tasks downstream again?');
  screen.press('n');
  await screen.waitFor('? help');
  screen.press('R', 'y');
  await screen.waitFor(says('report', 'on attempt 2'));
  expect(says('other', 'on attempt')(screen)).toBe(false);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(project.result()?.results.map(({ attempts }) => attempts)).toEqual([2, 2, 2, 1]);
});

test('a failed task is skipped after a confirmation, and its downstream runs', async () => {
  project = createUiProject(broken);
  const screen = project.open();
  await screen.waitFor('FAILED');
  screen.press('Home', 's');
  await screen.waitFor('Skip extract? 2 tasks downstream will run without it.');
  screen.press('y');
  await screen.waitFor('SUCCESS');
  expect(says('extract', '» ')(screen)).toBe(true);
  expect(says('report', '✓')(screen)).toBe(true);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

const turning = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;

const slow = `
version: 1
name: slow
limits: { max_parallel: 2 }
defaults: { retries: 0, kill_grace: 1s }
tasks:
  first: { command: "echo started; ${waitsFor('go')}" }
  second: { command: "${waitsFor('go')}" }
  third: { command: "${waitsFor('go')}" }
  fourth: { command: "${waitsFor('go')}", dependencies: [first] }
`;

test('a running task is cancelled after a confirmation, and its downstream does not run', async () => {
  project = createUiProject(slow);
  const screen = project.open();
  await screen.waitFor(says('second', turning));
  screen.press('Home', 'x');
  await screen.waitFor('Cancel first? 1 task downstream will not run.');
  screen.press('y');
  await screen.waitFor(says('first', '⊘.*cancelled'));
  await screen.waitFor(says('fourth', 'not run: "first" was cancelled'));
  project.touch('go');
  await screen.waitFor('FAILED');
  screen.press('q');
  await expectCleanAftermath({ directory: project.directory, ended: screen.ended(), exitCodes: [1] });
});

test('a key that has no effect says why', async () => {
  project = createUiProject(slow);
  const screen = project.open();
  await screen.waitFor(says('first', turning));
  screen.press('Home', 'r');
  await screen.waitFor('retry: task first is running; cancel it first');
  screen.press('e');
  await screen.waitFor('no task and no check has failed');
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('p');
  await screen.waitFor('pause: the run is over');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test('a paused run starts nothing, and + and - change the number of slots', async () => {
  project = createUiProject(slow);
  const screen = project.open([], { columns: 120, rows: 40 });
  await screen.waitFor('slots 2/2');
  screen.press('p');
  await screen.waitFor('PAUSED');
  screen.press('+');
  await screen.waitFor('slots 2/3');
  expect(says('third', 'run is paused')(screen)).toBe(true);
  screen.press('p');
  await screen.waitFor('slots 3/3');
  screen.press('-');
  await screen.waitFor('slots 3/2');
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test('marked tasks are skipped together', async () => {
  project = createUiProject(slow);
  const screen = project.open();
  await screen.waitFor(says('second', turning));
  screen.press('Home', 'j', ' ', 'j', ' ', 's');
  await screen.waitFor('Skip 2 marked tasks?');
  screen.press('y');
  await screen.waitFor(says('second', '»'));
  await screen.waitFor(says('third', '»'));
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});
