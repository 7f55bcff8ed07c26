import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import type { TerminalScreen } from '../support/screen.ts';
import { createUiProject, rowWith, says, type UiProject, waitsFor } from './ui-project.ts';

let project: UiProject;

afterEach(() => project.close());

const endless = `
version: 1
name: endless
defaults: { retries: 0, kill_grace: 1s }
tasks:
  extract: { command: "echo started; ${waitsFor('go')}" }
  load: { command: "echo loaded", dependencies: [extract] }
`;

async function openEndless(): Promise<TerminalScreen> {
  project = createUiProject(endless);
  const screen = project.open();
  await screen.waitFor('1 line ');
  return screen;
}

/** Waits for the end, and for nothing to be left of the run. */
async function expectEnd(screen: TerminalScreen, ...exitCodes: readonly number[]): Promise<void> {
  await expectCleanAftermath({ directory: project.directory, ended: screen.ended(), exitCodes });
}

/** As the shell expects to find it. */
function expectRestored(screen: TerminalScreen): void {
  expect(screen.buffer).toBe('normal');
  expect(screen.cursorIsVisible).toBe(true);
  expect(screen.modes.wraparoundMode).toBe(true);
  expect(screen.modes.bracketedPasteMode).toBe(false);
  for (const mode of ['icanon', 'echo', 'isig', 'opost']) expect(screen.lineModes()).toContain(mode);
}

describe('while tasks run', () => {
  test('q asks for confirmation; no stays, yes cancels them, and the run is incomplete', async () => {
    const screen = await openEndless();
    screen.press('q');
    await screen.waitFor('Quit? The run is not over; 1 running task will be cancelled.');
    screen.press('n');
    await screen.waitFor('? help');
    expect(screen.exitCode).toBeUndefined();
    screen.press('q', 'y');
    await expectEnd(screen, 1);
    expectRestored(screen);
    expect(screen.text()).toContain('endless was cancelled');
    expect(project.result()?.status).toBe('cancelled');
  });

  test('Esc never quits', async () => {
    const screen = await openEndless();
    screen.press('Esc');
    screen.press('d', 'Esc', 'Esc', 'z');
    await screen.waitFor((current) => !current.text().includes('╭'));
    screen.press('Esc', 'Esc', 'Esc', 'q', 'Esc');
    await screen.waitFor('? help');
    expect(screen.exitCode).toBeUndefined();
    screen.press('q', 'y');
    await expectEnd(screen, 1);
  });

  test('Ctrl+C asks for confirmation, twice cancels the run as SIGINT does', async () => {
    const screen = await openEndless();
    screen.press('Ctrl+C');
    await screen.waitFor('Cancel the run and quit?');
    screen.press('n');
    await screen.waitFor('? help');
    screen.press('Ctrl+C', 'Ctrl+C');
    await expectEnd(screen, 130);
    expectRestored(screen);
    expect(project.result()?.status).toBe('cancelled');
  });

  test('Ctrl+C once more kills tasks that do not end', async () => {
    project = createUiProject(endless.replace('echo started;', "trap '' TERM; echo started;").replace('1s', '1h'));
    const screen = project.open();
    await screen.waitFor('1 line ');
    screen.press('Ctrl+C', 'Ctrl+C');
    await screen.waitFor('CANCEL');
    screen.press('Ctrl+C');
    await expectEnd(screen, 130);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s from outside cancels the run and closes the screen', async (signal, code) => {
    const screen = await openEndless();
    screen.kill(signal);
    await expectEnd(screen, code);
    expectRestored(screen);
    expect(project.result()?.status).toBe('cancelled');
  });

  test('T closes the screen and continues with the plain log', async () => {
    const screen = await openEndless();
    screen.press('T');
    await screen.waitFor('endless: 2 tasks');
    expect(screen.buffer).toBe('normal');
    project.touch('go');
    await expectEnd(screen, 0);
    expect(screen.text()).toMatch(/load +succeeded/);
    expectRestored(screen);
  });
});

test('closing the window ends the run, and its results are written', async () => {
  const screen = await openEndless();
  screen.hangUp();
  await expectEnd(screen, 129);
  expect(project.result()?.status).toBe('cancelled');
});

test('a signal after the end of the run closes the screen at once', async () => {
  const screen = await openEndless();
  project.touch('go');
  await screen.waitFor('SUCCESS');
  screen.kill('SIGTERM');
  await expectEnd(screen, 0);
  expectRestored(screen);
});

test('failed tasks stay on the terminal with the end of their output, in at most 20 lines', async () => {
  const tasks = [1, 2, 3].map((n) => `  task_${n}: { command: "seq 100 130; echo problem ${n} >&2; exit ${n}" }`);
  project = createUiProject(['version: 1', 'name: wrong', 'defaults: { retries: 0 }', 'tasks:', ...tasks].join('\n'));
  const screen = project.open([], { columns: 100 });
  await screen.waitFor('FAILED');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(1);
  const lines = screen.history().split('\n');
  expect(lines.length).toBeLessThanOrEqual(20);
  for (const n of [1, 2, 3]) expect(lines.join('\n')).toContain(`problem ${n}`);
  expect(lines.join('\n')).toContain('wrong failed');
});

const hostile = String.raw`
version: 1
name: hostile
defaults: { retries: 0 }
tasks:
  evil:
    command: |
      printf '\033]52;c;aGFja2Vk\007copied\n'
      printf '\033]0;owned\007titled\n'
      printf '\033[2J\033[1;1Hjumped\n'
      printf 'bidi \342\200\256 turned\n'
      printf '\033[?1049lleft\n'
      head -c 1000000 /dev/zero | tr '\0' 'x'; echo
      echo the end
`;

test('control sequences that a task prints do not reach the terminal', async () => {
  project = createUiProject(hostile);
  const screen = project.open();
  await screen.waitFor('SUCCESS');
  // Before all of it is read, its beginning may be its end. The long line is read in parts.
  await screen.waitFor(' 22 lines');
  screen.press('2', 'g');
  for (const word of ['copied', 'titled', 'jumped', 'bidi  turned', 'left']) await screen.waitFor(word);
  expect(screen.buffer).toBe('alternate');
  for (const row of screen.rows().slice(1, -1)) expect(row).toHaveLength(80);
  expect(rowWith(screen, 'jumped')).toMatch(/^│ jumped +│$/);
  screen.press('w', 'G');
  await screen.waitFor('the end');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(screen.sent).not.toContain('\x1b]');
  expect(screen.sent).not.toContain('\u202e');
});

describe('settings of the terminal', () => {
  test('NO_COLOR: states are shown by icons and texts', async () => {
    project = createUiProject(endless);
    const screen = project.open([], { env: { NO_COLOR: '1' } });
    await screen.waitFor('1 line ');
    project.touch('go');
    await screen.waitFor('SUCCESS');
    expect(says('load', '✓')(screen)).toBe(true);
    for (const [, codes = ''] of screen.sent.matchAll(/\[([\d;]*)m/g)) {
      for (const code of codes.split(';')) expect(Number(code)).toBeLessThan(30);
    }
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
  });

  test('--ascii: the screen shows ASCII only', async () => {
    project = createUiProject(endless);
    const screen = project.open(['--ascii']);
    await screen.waitFor('1 line ');
    project.touch('go');
    await screen.waitFor('SUCCESS');
    expect(screen.text()).toMatch(/^[\x20-\x7e\n]*$/);
    screen.press('q');
    expect(await screen.waitForExit()).toBe(0);
  });

  test.each([
    ['TERM=dumb', [], { TERM: 'dumb' }],
    ['CI', [], { CI: 'true' }],
    ['--ci', ['--ci'], {}],
    ['--no-tui', ['--no-tui'], {}],
  ] as const)('%s: a plain log', async (_, args, env) => {
    project = createUiProject(endless);
    project.touch('go');
    const screen = project.open(args, { env });
    expect(await screen.waitForExit()).toBe(0);
    expect(screen.sent).not.toContain('\x1b[?1049h');
    expect(screen.text()).toContain('endless succeeded');
  });

  test('--reporter json: events and nothing else', async () => {
    project = createUiProject(endless);
    project.touch('go');
    const screen = project.open(['--reporter', 'json'], { columns: 400 });
    expect(await screen.waitForExit()).toBe(0);
    expect(screen.sent).toMatch(/^\{.*"run\.started"/);
  });
});
