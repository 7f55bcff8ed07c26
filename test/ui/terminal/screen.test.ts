import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openScreen, type ScreenOptions, type TerminalScreen } from '../../support/screen.ts';
import { buildFixture } from './build-fixture.ts';

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

describe('the terminal is as it was found', () => {
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
});
