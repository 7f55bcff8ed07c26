import { afterEach, expect, test } from 'vitest';
import { createUiProject, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;
afterEach(() => project.close());

test('a run that reaches its limit says so on a screen of any size, and is taken up again by a key', async () => {
  project = createUiProject(`version: 1
name: shop
limits: { run: 9s }
tasks:
  load: { command: "trap '' TERM; ${waitsFor('go')}", kill_grace: 2m }
  mart: { command: "true", dependencies: [load] }
`);
  const screen = project.open([], { columns: 80, rows: 24 });
  await screen.waitFor('load');
  screen.press('L');
  await screen.waitFor(/run +\S+ of 9s; then it is stopped/);
  screen.press('L');
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [200, 50],
  ] as const) {
    screen.resize(columns, rows);
    await screen.waitFor(columns === 80 ? /shop (?:TIME )?LIMIT/ : /shop +\S+ +TIME LIMIT|shop +TIME LIMIT/);
    await screen.waitFor('stopping');
  }
  project.touch('go');
  await screen.waitFor('FAILED');
  for (const [columns, rows] of [
    [200, 50],
    [120, 40],
    [80, 24],
  ] as const) {
    screen.resize(columns, rows);
    await screen.waitFor(/⊘ +load cancelled/);
    await screen.waitFor('not run: the run reached');
  }
  // As after a cancellation, only what is run again comes back.
  screen.press('r');
  await screen.waitFor(/FAILED.*✓ +load.*⊘ +mart/s);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(1);
});
