import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createUiProject, postmasterOf, rowWith, says, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

/** Fails until `mended` is there; a run with SLOW set waits for `go`, and says so in the file `slow`. */
const orders = `
version: 1
name: orders
defaults: { retries: 0, kill_grace: 1s }
tasks:
  extract: { command: "test -e mended && if test -n \\"$SLOW\\"; then touch slow; ${waitsFor('go')}; fi" }
  load: { command: "echo loaded", dependencies: [extract] }
`;

test('a finished run on an open screen is listed as ended, and another run of the pipeline may start', async () => {
  project = createUiProject(orders);
  const screen = project.open(['--junit', 'junit.xml']);
  await screen.waitFor('FAILED');
  await expect.poll(() => project.has('junit.xml')).toBe(true);
  expect(readFileSync(join(project.directory, 'junit.xml'), 'utf8')).toContain('failures="1"');
  const { ino } = statSync(join(project.directory, 'junit.xml'));
  await expect.poll(async () => (await project.call(['history', '--json'])).out).toMatch(/"status":\s*"failed"/);
  project.touch('mended');
  await expect.poll(async () => (await project.call(['run', '--ci'])).code).toBe(0);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(1);
  // A report that is written once more is another file.
  expect(statSync(join(project.directory, 'junit.xml')).ino).toBe(ino);
});

test('r on a finished screen acquires the lock again, and releases it at the next end', async () => {
  project = createUiProject(orders);
  const screen = project.open([], { env: { SLOW: '1' } });
  await screen.waitFor('FAILED');
  project.touch('mended');
  screen.press('e', 'r');
  await expect.poll(() => project.has('slow')).toBe(true);
  const { code, err } = await project.call(['run', '--ci']);
  expect([code, err]).toEqual([3, expect.stringContaining('run/locked')]);
  expect((await project.call(['history', '--json'])).out).toMatch(/"status":\s*"running"/);
  project.touch('go');
  await screen.waitFor('SUCCESS');
  await expect.poll(async () => (await project.call(['run', '--ci'])).code).toBe(0);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test('r on a finished screen names the holder of the lock, and changes nothing', async () => {
  project = createUiProject(orders);
  const screen = project.open();
  await screen.waitFor('FAILED');
  project.touch('mended');
  // The screen gives the lock back when it has written its results.
  const other = project.start(['run', '--ci', '--wait'], { SLOW: '1' });
  await expect.poll(() => project.has('slow')).toBe(true);
  screen.press('e', 'r');
  await screen.waitFor(/retry: locked by process \d+ on \S+ since \d\d:\d\d:\d\d/);
  expect(rowWith(screen, 'retry: ')).toContain(` process ${other.child.pid} `);
  expect(says('extract', /✗.*exit 1/)(screen)).toBe(true);
  screen.press('Home', 'R', 'y');
  await screen.waitFor('retry: locked by process');
  screen.press('Home', 's', 'y');
  await screen.waitFor('skip: locked by process');
  expect(screen.rows()[0]).toContain('FAILED');
  project.touch('go');
  expect((await other.ended).code).toBe(0);
  screen.press('r');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test('a finished run that was resumed and killed is listed as interrupted', async () => {
  project = createUiProject(orders);
  const screen = project.open([], { env: { SLOW: '1' } });
  await screen.waitFor('FAILED');
  project.touch('mended');
  screen.press('e', 'r');
  await expect.poll(() => project.has('slow')).toBe(true);
  screen.kill('SIGKILL');
  const ended = await screen.ended();
  expect((await project.call(['history', '--json'])).out).toMatch(/"status":\s*"interrupted"/);
  expect((await project.call(['show', 'latest', '--json'])).out).toMatch(/^\{[^{]*"status":\s*"interrupted"/);
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [null] });
});

test('r on a finished screen waits for the embedded PostgreSQL when it must be started again', async () => {
  project = createUiProject(`
version: 1
name: own
defaults: { retries: 0 }
tasks:
  extract: { command: ["psql", "-c", "select 1 / count(*) from pg_tables where tablename = 'mended'"] }
`);
  const screen = project.open();
  await screen.waitFor('FAILED');
  process.kill(postmasterOf(project.directory)!, 'SIGKILL');
  await screen.waitFor('was lost');
  screen.press('e', 'r');
  await screen.waitFor(says('extract', 'after 2 attempts'));
  screen.press('2');
  await screen.waitFor('division by zero');
  screen.press('q');
  await expectCleanAftermath({ directory: project.directory, ended: screen.ended(), exitCodes: [1] });
});

test('a replay of a run needs no lock', async () => {
  project = createUiProject(orders);
  project.touch('mended');
  expect((await project.call(['run', '--ci'])).code).toBe(0);
  const listed: readonly { readonly run_id: string }[] = JSON.parse((await project.call(['history', '--json'])).out);
  const running = project.start(['run', '--ci'], { SLOW: '1' });
  await expect.poll(() => project.has('slow')).toBe(true);
  const replayed = project.open(['replay', listed[0]!.run_id, '--speed', '100']);
  await replayed.waitFor('SUCCESS');
  replayed.press('Home', 'r');
  await replayed.waitFor('not possible in a replay');
  replayed.press('q');
  expect(await replayed.waitForExit()).toBe(0);
  project.touch('go');
  expect((await running.ended).code).toBe(0);
});
