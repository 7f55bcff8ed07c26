import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createUiProject, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const pipeline = `
version: 1
name: nightly
defaults: { retries: 0, kill_grace: 1s }
tasks:
  extract: { command: "echo extracted" }
  load: { command: "test -e fixed", dependencies: [extract] }
  publish: { command: "echo published", dependencies: [load] }
`;

const attempts = () =>
  project.result()?.results.map(({ task, status, attempts: count }) => `${task} ${status} ${count}`);

describe('on the screen, when the latest run failed,', () => {
  test('one key resumes it: what has succeeded is not run again', async () => {
    project = createUiProject(pipeline);
    expect((await project.call(['run', '--ci'])).code).toBe(1);
    project.touch('fixed');
    const screen = project.open([], { columns: 80, rows: 24 });
    await screen.waitFor('The last run failed');
    expect(screen.text()).toContain('keeps 1 of 3 tasks and runs the other 2');
    expect(screen.text()).toContain('load  it had failed');
    screen.press('r');
    await screen.waitFor('SUCCESS');
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
    expect(attempts()).toEqual(['extract success 1', 'load success 2', 'publish success 1']);
    expect(JSON.parse((await project.call(['history', '--json'])).out)).toHaveLength(1);
  });

  test('Enter begins a new one, q none, and --new asks nothing', async () => {
    project = createUiProject(pipeline);
    expect((await project.call(['run', '--ci'])).code).toBe(1);
    const left = project.open();
    await left.waitFor('The last run failed');
    left.press('q');
    expect(await left.waitForExit()).toBe(1);
    expect(left.buffer).toBe('normal');
    for (const [args, keys] of [
      [[], ['Enter']],
      [['run', '--new'], []],
    ] as const) {
      const screen = project.open(args);
      if (keys.length > 0) await screen.waitFor('The last run failed');
      screen.press(...keys);
      await screen.waitFor('FAILED');
      screen.press('q');
      expect(await screen.waitForExit()).toBe(1);
    }
    expect(JSON.parse((await project.call(['history', '--json'])).out)).toHaveLength(3);
  });
});

test('on the screen, a latest run whose process was killed is offered, and one that succeeded is not', async () => {
  project = createUiProject(pipeline.replace('test -e fixed', waitsFor('fixed')));
  const { child, ended, says } = project.start(['run', '--ci', '--reporter', 'json']);
  await says('"task.spawned","task":"load"');
  child.kill('SIGKILL');
  await ended;
  const history = await project.call(['history']);
  expect(history.out).toMatch(/! interrupted .* last alive /);
  expect(history.out).toMatch(/was interrupted: last alive .*; load was running, 1 of 3 tasks was done/);
  expect(history.out).toMatch(/etl-tui run --resume \S+ resumes it/);
  const [row] = JSON.parse((await project.call(['history', '--json'])).out) as readonly object[];
  expect(row).toMatchObject({ status: 'interrupted', running: ['load'], done: 1, last_alive_at: expect.any(String) });
  project.touch('fixed');
  const screen = project.open();
  await screen.waitFor('The last run was interrupted');
  expect(screen.text()).toContain('load  attempt 1 was interrupted');
  screen.press('r');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(attempts()).toEqual(['extract success 1', 'load success 2', 'publish success 1']);
  const next = project.open();
  await next.waitFor('SUCCESS');
  expect(next.text()).not.toContain('The last run');
  next.press('q');
  const code = await next.waitForExit();
  await expectCleanAftermath({
    directory: project.directory,
    ended: { code, out: next.sent, err: '' },
    exitCodes: [0],
  });
});
