import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openScreen, type ScreenOptions, type TerminalScreen } from '../../../support/screen.ts';
import { buildFixture } from './build-fixture.ts';

const beginUpdate = '\x1b[?2026h';
const endUpdate = '\x1b[?2026l';

let fixture: Awaited<ReturnType<typeof buildFixture>>;
let screens: TerminalScreen[] = [];

beforeAll(async () => {
  fixture = await buildFixture('fixture-app');
});

afterEach(async () => {
  await Promise.all(screens.map((screen) => screen.close()));
  screens = [];
});

afterAll(() => fixture.remove());

function open(args: readonly string[] = [], options: ScreenOptions = {}): TerminalScreen {
  const screen = openScreen(process.execPath, [fixture.program, ...args], options);
  screens.push(screen);
  return screen;
}

async function openDrawn(args: readonly string[] = [], options: ScreenOptions = {}): Promise<TerminalScreen> {
  const screen = open(args, options);
  await screen.waitFor('row 1 of 24');
  return screen;
}

/** As the shell expects to find it. */
function expectRestored(screen: TerminalScreen): void {
  expect(screen.buffer).toBe('normal');
  expect(screen.cursorIsVisible).toBe(true);
  expect(screen.modes.mouseTrackingMode).toBe('none');
  expect(screen.modes.wraparoundMode).toBe(true);
  expect(screen.modes.bracketedPasteMode).toBe(false);
  const modes = screen.lineModes();
  for (const mode of ['icanon', 'echo', 'isig', 'icrnl', 'opost']) expect(modes).toContain(mode);
  expect(screen.history()).toContain('before the screen');
}

describe('the terminal is restored', () => {
  const ways: readonly (readonly [way: string, key: string, code: number, said: string])[] = [
    ['after quitting', 'q', 0, 'after the screen'],
    ['after process.exit', 'e', 3, ''],
    ['after an error that nobody caught', 't', 1, 'thrown in a timer'],
    ['after a rejection that nobody caught', 'p', 1, 'rejected'],
    ['after an error while drawing', 'R', 70, 'the screen failed: thrown while drawing'],
  ];

  test.each(ways)('%s', async (_, key, code, said) => {
    const screen = await openDrawn();
    expect(screen.buffer).toBe('alternate');
    expect(screen.cursorIsVisible).toBe(false);
    expect(screen.lineModes()).not.toContain('icanon');
    screen.press('m', key);
    expect(await screen.waitForExit()).toBe(code);
    expectRestored(screen);
    expect(screen.history()).toContain(said);
  });

  const signals: readonly (readonly [signal: NodeJS.Signals, code: number])[] = [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ];

  test.each(signals)('after %s without a handler, which kills the process', async (signal, code) => {
    const screen = await openDrawn();
    screen.press('m');
    await screen.waitFor('pressed m');
    screen.kill(signal);
    expect(await screen.waitForExit()).toBe(code);
    expectRestored(screen);
  });

  test.each(signals.filter(([signal]) => signal !== 'SIGQUIT'))(
    'after %s with a handler that calls process.exit',
    async (signal, code) => {
      const screen = await openDrawn(['handled']);
      screen.kill(signal);
      expect(await screen.waitForExit()).toBe(code);
      expectRestored(screen);
    },
  );
});

test('closing the window ends the program without an abort', async () => {
  const screen = await openDrawn(['handled']);
  screen.hangUp();
  expect(await screen.waitForExit()).toBe(129);
});

test('no screen is ever drawn in part, and Ink is bundled with the span compositor', async () => {
  let isDrawn = false;
  const screen = await openDrawn(['lag'], {
    isWhole: (rows) => {
      isDrawn ||= rows.at(-1)?.includes('row 24') === true;
      return !isDrawn || rows.every((row) => row !== '');
    },
  });
  await screen.waitFor(/count \d\d/);
  screen.press('Ctrl+L');
  await screen.waitFor(/count [2-9]\d/);
  expect(screen.tornScreens).toBe(0);
  screen.press('q');
  await screen.waitFor('made of spans');
});

test('every frame is one synchronized update of the terminal', async () => {
  const screen = await openDrawn();
  screen.press('n', 'm', 'Ctrl+L');
  await screen.waitFor('count 1');
  // The last update may still be on its way.
  const arrived = screen.sent.slice(0, screen.sent.lastIndexOf(endUpdate) + endUpdate.length);
  const [, ...updates] = arrived.split(beginUpdate);
  const outside = updates.map((update) => update.slice(update.indexOf(endUpdate) + endUpdate.length));
  expect(outside.join('')).toBe('');
  expect(outside.length).toBeGreaterThan(1);
});

test('these tests look at whole frames only', async () => {
  const frame = `printf '${beginUpdate}the head'; sleep 0.3; printf ' and the tail${endUpdate}'; read -r`;
  const screen = openScreen('bash', ['-c', frame]);
  screens.push(screen);
  await screen.waitFor('the head');
  expect(screen.text().trim()).toBe('the head and the tail');
});

test('output printed while the screen is shown comes out after it, in order', async () => {
  const screen = await openDrawn();
  screen.press('w', 'n');
  await screen.waitFor('count 1');
  expect(screen.text()).not.toContain('stray');
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(screen.history()).toMatch(
    /before the screen, made of spans\nstray output\nstray error\n.*Warning: stray warning\n(.*\n)?after the screen/,
  );
});

test('mouse reports are on when requested, and text is copied to the clipboard', async () => {
  const screen = await openDrawn();
  expect(screen.modes.mouseTrackingMode).toBe('none');
  screen.press('m', 'c');
  await screen.waitFor(({ modes }) => modes.mouseTrackingMode === 'drag');
  await screen.waitFor(({ sent }) => sent.includes(`\x1b]52;c;${Buffer.from('copied text').toString('base64')}\x07`));
});

test('another program can use terminal and keyboard for a while, repeatedly', async () => {
  const screen = await openDrawn();
  for (const [time, pressed] of ['lx', 'lxlx', 'lxlxlx'].entries()) {
    screen.press('l');
    await screen.waitFor((shown) => shown.text().split('reading').length > time + 1);
    expect(screen.buffer).toBe('normal');
    expect(screen.lineModes()).toContain('icanon');
    screen.press(`every single key ${time}`, 'Enter');
    await screen.waitFor(`heard every single key ${time}`);
    screen.press('Enter');
    await screen.waitFor('row 24 of 24');
    expect(screen.buffer).toBe('alternate');
    screen.press('x');
    await screen.waitFor(`pressed ${pressed} `.trimEnd());
  }
});

describe('in a shell with job control', () => {
  async function openJob(): Promise<TerminalScreen> {
    const shell = openScreen('bash', ['--norc', '--noprofile', '-i'], { env: { PS1: 'prompt: ' } });
    screens.push(shell);
    await shell.waitFor('prompt: ');
    shell.press(`'${process.execPath}' '${fixture.program}'`, 'Enter');
    await shell.waitFor('row 24 of 24');
    return shell;
  }

  function signalJob(shell: TerminalScreen, signal: NodeJS.Signals): void {
    const children = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8').trim();
    process.kill(Number(children), signal);
  }

  async function expectStopped(shell: TerminalScreen): Promise<void> {
    await shell.waitFor(/Stopped/);
    expect(shell.buffer).toBe('normal');
    expect(shell.cursorIsVisible).toBe(true);
    shell.press('stty -a; echo done', 'Enter');
    await shell.waitFor(/ icanon (.|\n)*done\nprompt: /);
  }

  async function expectContinued(shell: TerminalScreen): Promise<void> {
    shell.press('fg', 'Enter');
    await shell.waitFor(() => !shell.lineModes().has('icanon') && !shell.cursorIsVisible);
    await shell.waitFor((shown) => fills(shown.rows(), 80, 24));
    expect(shell.buffer).toBe('alternate');
    shell.press('nk');
    await shell.waitFor('count 1');
    await shell.waitFor('nk');
  }

  test('Ctrl-Z suspends to the shell, and fg brings the screen back', async () => {
    const shell = await openJob();
    shell.press('Ctrl+Z');
    await expectStopped(shell);
    await expectContinued(shell);
    shell.press('Ctrl+Z');
    await expectStopped(shell);
  });

  test('SIGTSTP from outside does the same', async () => {
    const shell = await openJob();
    signalJob(shell, 'SIGTSTP');
    await expectStopped(shell);
    await expectContinued(shell);
  });

  test('the screen comes back after a SIGSTOP', async () => {
    const shell = await openJob();
    signalJob(shell, 'SIGSTOP');
    await shell.waitFor(/Stopped/);
    await expectContinued(shell);
  });
});

test('Ctrl-Z without a shell that could continue the program changes nothing', async () => {
  const screen = await openDrawn();
  screen.press('Ctrl+Z', 'n');
  await screen.waitFor('count 1');
  expect(screen.buffer).toBe('alternate');
  expect(screen.lineModes()).not.toContain('icanon');
});

test('Ctrl-L redraws over the output of other programs', async () => {
  const screen = await openDrawn();
  const drawn = screen.text();
  await screen.drawOver('\x1b[5;1Hgarbage\x1b[1;1H\x1b[J');
  expect(screen.text()).not.toBe(drawn);
  screen.press('Ctrl+L');
  await screen.waitFor((shown) => shown.text() === drawn);
});

test('the screen follows every size of the terminal', async () => {
  const screen = await openDrawn();
  for (const [columns, rows] of [
    [200, 50],
    [1, 1],
    [120, 40],
    [0, 0],
    [5, 3],
    [400, 120],
    [80, 24],
  ] as const) {
    screen.resize(columns, rows);
    if (columns > 0) await screen.waitFor((shown) => fills(shown.rows(), columns, rows));
    // Nobody can see more of it than that it goes on.
    else await screen.waitFor(({ sent }) => sent.lastIndexOf(' of 24 ') > sent.lastIndexOf(' of 40 '));
  }
});

/** As the fixture draws it: rows that say how many there are, and a bar at the right edge. */
function fills(rows: readonly string[], columns: number, height: number): boolean {
  const count = columns < 40 ? '' : ` of ${height} `;
  return rows
    .slice(0, height)
    .every((row, index) => index === 1 || (row.includes(count) && row.length === columns && row.endsWith('|')));
}
