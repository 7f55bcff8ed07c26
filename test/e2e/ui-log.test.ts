import { afterEach, expect, test } from 'vitest';
import type { TerminalScreen } from '../support/screen.ts';
import { createUiProject, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const secret = 'correct-horse-battery';
const colouredSecret = [...secret].map((letter, index) => `\\033[3${index % 8}m${letter}`).join('');

const pipeline = `
version: 1
name: painted
defaults: { retries: 0 }
tasks:
  paint:
    command: |
      printf '\\033[32mgreen\\033[0m plain \\033]0;owned\\007\\033[8mshown\\033[0m \\033[38;5;999mpale\\n'
      printf '\\033[1;3'
      sleep 0.3
      printf '1mheavy\\033]52;c;b3duZWQ=\\007 never ended\\n'
      printf 'login ${colouredSecret}\\033[0m done\\n'
      ${waitsFor('read')}
      echo 'careful' >&2
      ${waitsFor('go')}
      echo 'the end of paint'
  other: { command: "${waitsFor('first')}; echo 'other speaks'; ${waitsFor('go')}" }
`;

/** The cell with which `text` begins. */
function cellAt(screen: TerminalScreen, text: string) {
  const row = screen.rows().findIndex((shown) => shown.includes(text));
  return screen.cell(row, screen.rows()[row]!.indexOf(text));
}

async function openPainted(args: readonly string[] = [], env: Record<string, string> = {}) {
  project = createUiProject(pipeline);
  const screen = project.open(['run', ...args], {
    columns: 120,
    rows: 40,
    env: { SHOP_PASSWORD: secret, ...env },
  });
  await screen.waitFor('RUNNING');
  screen.press('Home');
  await screen.waitFor('login *** done');
  // What comes on the other stream could be read before.
  project.touch('read');
  await screen.waitFor('careful');
  return screen;
}

test('the log keeps colours and weights of a task, also cut in two, and nothing else that a terminal would obey', async () => {
  const screen = await openPainted();
  await screen.waitFor('green plain shown pale');
  expect(cellAt(screen, 'green').foreground).toBe(2);
  expect(cellAt(screen, 'plain shown').foreground).toBeUndefined();
  expect(cellAt(screen, 'heavy never ended')).toMatchObject({ foreground: 1, isBold: true });
  expect(screen.text()).toContain('login *** done');
  expect(screen.text()).not.toContain('horse');
  // Of the modes of the screen itself none conceals or blinks, and titles and the clipboard are left alone.
  expect(screen.sent).not.toMatch(/owned|b3duZWQ|\]0;|\]52;|\[(?:\d+;)*8m|999/);
  screen.press('i');
  await screen.waitFor(/\d\d:\d\d:\d\d\.\d{3} err careful/);
  await screen.waitFor(/\d\d:\d\d:\d\d\.\d{3} {5}heavy/);
  project.touch('first');
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});

test.each([
  ['NO_COLOR', [], { NO_COLOR: '1' }],
  ['--ascii', ['--ascii'], {}],
] as const)('with %s the log has no colours of tasks', async (_, args, env) => {
  const screen = await openPainted(args, env as Record<string, string>);
  for (const text of ['green', 'heavy never ended', 'pale']) {
    expect(cellAt(screen, text)).toMatchObject({ foreground: undefined, isBold: false });
  }
  screen.press('Ctrl+C', 'Ctrl+C');
  await screen.waitForExit();
});

test('* shows the output of all tasks by time while they run, and v and y copy a part of it', async () => {
  const screen = await openPainted();
  screen.press('*');
  await screen.waitFor(/2 Log all tasks(.|\n)*paint │ careful/);
  project.touch('first');
  await screen.waitFor(/paint │ careful(.|\n)*other │ other speaks/);
  screen.press('v', 'k');
  await screen.waitFor('2 lines marked');
  screen.press('y');
  await screen.waitFor('copied 2 lines');
  const copied = Buffer.from('paint | careful\nother | other speaks').toString('base64');
  expect(screen.sent).toContain(`\x1b]52;c;${copied}\x07`);
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.press('f');
  await screen.waitFor(/other speaks(.|\n)*paint │ the end of paint/);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
});
